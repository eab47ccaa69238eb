export default async function trivial() {
  return { done: true };
}
