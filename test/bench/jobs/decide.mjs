export default function decide(event) {
  return { action: event.payload.amount > 100 ? 'block' : 'allow', custom_claims: { risk: 'low' } };
}
