// Whom journeys play, from the generator's truth file.
import { readFile } from 'node:fs/promises';

export async function readPeople(file) {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return { lines, claimants: [], activated: [] };
}
