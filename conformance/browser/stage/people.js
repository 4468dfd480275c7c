// Whom journeys play, from the generator's truth file: pupils who claim, each in one journey only, and pupils whose accounts
// are active from the start.
import { readFile } from 'node:fs/promises';

/** Names that a page may show in other letters than the file has them, or that are somebody else's too. */
const LEFT_OUT = new Set([
  'odd-spaces', 'decomposed', 'mixed-scripts', 'long-name', 'preferred-name', 'same-name-same-school', 'same-name-district',
  'two-schools', 'suffix-in-family-name', 'suffix-in-given-name',
]);

/** Names that are easily broken on the way; journeys take one of each first. */
const FIRST = ['hyphenated', 'accents-kept', 'two-family-names', 'apostrophe', 'particle', 'compound-given-name', 'capitals', 'accents-lost'];

const GRADES = new Set(['06', '07', '08', '09', '10', '11', '12']);
const CLAIMANTS = 16;
const ACTIVATED = 16;

export async function readPeople(file) {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const pupils = lines.filter(
    (line) => line.kind === 'student' && GRADES.has(line.grade) && !line.tags.some((tag) => LEFT_OUT.has(tag)));
  const special = FIRST.map((tag) => pupils.find((pupil) => pupil.tags.includes(tag))).filter(Boolean);
  const ordered = [...new Set([...special, ...pupils])].map(asTyped);
  if (ordered.length < CLAIMANTS + ACTIVATED) throw new Error(`only ${ordered.length} pupils fit the journeys`);
  return { claimants: ordered.slice(0, CLAIMANTS), activated: ordered.slice(CLAIMANTS, CLAIMANTS + ACTIVATED) };
}

function asTyped(line) {
  return {
    firstName: line.givenName,
    lastName: line.familyName,
    fullName: `${line.givenName} ${line.familyName}`,
    number: line.number,
    population: line.kind,
    username: line.username,
  };
}
