/** Names under which the demo keeps what its senders sign and prove themselves with. */
export const demoSecrets = {
  crm: 'demo-crm-secret',
  revo: 'demo-revo-token',
  flatfile: 'demo-flatfile-token',
  deck: 'demo-deck-secret',
  studio: 'demo-studio-token',
} as const;
