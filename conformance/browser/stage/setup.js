// Starts the stages once for all journeys, and stops them at the end, also when a journey fails.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startStage } from './stage.js';

export default async function setup(config) {
  const names = [...new Set(config.projects.map((project) => project.metadata.stage))];
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-browser-'));
  const stages = [];
  const stopAll = async () => {
    for (const stage of stages.reverse()) await stage.stop();
    if (!process.env.HOMEROOM_KEEP) await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const name of names) {
      const stage = await startStage(name, join(folder, name));
      stages.push(stage);
      const { stop, ...plain } = stage;
      process.env[`HOMEROOM_STAGE_${name}`] = JSON.stringify(plain);
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}
