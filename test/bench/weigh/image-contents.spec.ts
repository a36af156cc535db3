import { describe, expect, it } from 'vitest';
import { copiedPaths, installArguments } from './image-contents.js';

const DOCKERFILE = `FROM node AS build
COPY package.json ./
RUN npm ci
FROM node AS dependencies
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional && npm cache clean --force
FROM node
COPY --from=dependencies /lethe/node_modules node_modules
COPY --from=build /lethe/dist dist
COPY package.json LICENSE ./
# COPY nothing here
COPY deploy/trust deploy/trust
`;

describe('what an image contains', () => {
  it('is what the last stage copies, by the path it has in a checkout', () => {
    expect(copiedPaths(DOCKERFILE)).toEqual(['node_modules', 'dist', 'package.json', 'LICENSE', 'deploy/trust']);
  });

  it('has the packages that its stage installs', () => {
    expect(installArguments(DOCKERFILE)).toEqual(['ci', '--omit=dev', '--omit=optional']);
  });

  it('is not guessed where the Dockerfile does not say it', () => {
    expect(() => copiedPaths('FROM scratch\n')).toThrow('copies nothing');
    expect(() => installArguments('FROM node\nRUN npm ci\n')).toThrow('no stage');
  });
});
