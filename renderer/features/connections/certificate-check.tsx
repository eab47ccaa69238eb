import { Checkbox } from '@mantine/core';
import type { Probe } from '../../../shared/contract/desktop.ts';
import { FormRow } from '../../ui/forms/form-layout.tsx';
import { Mono } from '../../ui/text/mono.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import classes from './connections.module.css';

interface CertificateCheckProps {
  probe: Probe;
  isAccepted: boolean;
  onAccept: (accepted: boolean) => void;
}

/** What is known of the way to the server before anything is sent, and the choice where it is not safe by itself. */
export function CertificateCheck({ probe, isAccepted, onAccept }: CertificateCheckProps) {
  const { encryption, certificate } = probe;
  const checkbox = (label: string) => (
    <Checkbox label={label} checked={isAccepted} onChange={(event) => onAccept(event.currentTarget.checked)} />
  );
  return (
    <FormRow label="Security">
      {encryption === 'loopback' && (
        <p className={classes.fact}>Not encrypted. The connection stays on this computer.</p>
      )}
      {encryption === 'trusted' && certificate !== null && (
        <p className={classes.fact}>
          Encrypted. Certificate for <Mono>{certificate.subject}</Mono> by {certificate.issuer}.
        </p>
      )}
      {encryption === 'untrusted' && certificate !== null && (
        <div className={classes.warning}>
          <p>
            This computer does not trust the certificate for <Mono>{certificate.subject}</Mono>: {certificate.problem}.
            Issued by {certificate.issuer}, valid until <Timestamp at={certificate.validTo} />.
          </p>
          <p>Compare its SHA-256 fingerprint with the one your administrator gives you:</p>
          <code className={classes.fingerprint}>{certificate.fingerprint}</code>
          {checkbox('The fingerprint is the same. Trust this certificate for this connection')}
        </div>
      )}
      {encryption === 'none' && (
        <div className={classes.warning}>
          <p>The connection is not encrypted. Anyone on the network path can read the token and everything shown.</p>
          {checkbox('Connect without encryption')}
        </div>
      )}
    </FormRow>
  );
}
