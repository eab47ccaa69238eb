// A script job: stays warm between runs, so that it takes about a millisecond.
import { defineJob } from 'signalbox';

interface User {
  name?: string;
  email?: string;
}

const greetings = ['Hello', 'Welcome', 'Good to see you'];

export default defineJob<User>((event, run) => {
  const name = event.payload.name ?? event.payload.email ?? 'stranger';
  const greeting = greetings[name.length % greetings.length];
  run.log(`${greeting}, ${name}! (${event.type} from ${event.source})`);
  return { greeted: name, greeting };
});
