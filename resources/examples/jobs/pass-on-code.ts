// A script job for an agent of Deck that waits for a person: asks an operator what the site asks for, in the site's own
// words, and would hand the answer on. What is typed into a secret field reaches this job and is stored nowhere.
import { defineJob } from 'signalbox';

interface Interaction {
  type?: string;
  message?: string;
  fields?: { name: string; type?: string; label?: string }[];
}

export default defineJob<{ data?: { id?: string; interaction?: Interaction } }>(async (event, run) => {
  const { id = 'a run', interaction = {} } = event.payload.data ?? {};
  const fields = interaction.fields ?? [{ name: 'code', label: 'Code' }];
  const answer = await run.ask({
    type: interaction.type ?? 'mfa',
    message: interaction.message ?? 'Which code did the site send?',
    fields: fields.map(({ name, label }) => ({ name, type: 'secret', ...(label === undefined ? {} : { label }) })),
    timeout: '10m',
  });
  const given = Object.keys(answer).join(', ');
  return { message: `${id} was given: ${given}`, given: Object.keys(answer) };
});
