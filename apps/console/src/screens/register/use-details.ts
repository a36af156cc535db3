import { isSlug, MAPPING_PROBLEMS, mappingProblem, mappingsProblem, slugify } from '@lethe/mcp';
import { useState } from 'react';
import type { Probe, Registration } from '../../api/registration.js';
import { useFormats } from '../../text/text.js';
import { headerForQuery, type Kind, kindOfProbe, type Mapping, mappingsOfKind } from './credential-parts.js';
import { REGISTER } from './texts.js';

/** The details of a gateway that is about to be registered. */
export interface Details {
  name: string;
  setName: (name: string) => void;
  slug: string;
  setSlug: (slug: string) => void;
  kind: Kind;
  setKind: (kind: Kind) => void;
  part: string;
  setPart: (part: string) => void;
  more: Mapping[];
  setMore: (more: Mapping[]) => void;
  problems: Partial<Record<'name' | 'slug' | 'part' | 'more', string>>;
  /** Callers send nothing. */
  isOpen: boolean;
  /** What to register; undefined while there are problems. */
  registration: Registration | undefined;
}

/** The form of the details: it begins with what the probe has found. @param url canonical */
export function useDetails(url: string, probe: Probe | undefined): Details {
  const { text } = useFormats();
  const [name, setName] = useState(() => probe?.serverName ?? hostName(url));
  const [ownSlug, setSlug] = useState<string>();
  const [kind, setKind] = useState<Kind>(() => (probe ? kindOfProbe(probe) : 'bearer'));
  const [part, setPart] = useState('X-Api-Key');
  const [more, setMore] = useState<Mapping[]>([]);
  const slug = ownSlug ?? slugify(name);
  const own = mappingsOfKind(kind, part.trim());
  const mappings = [...own, ...more.map((mapping) => ({ ...mapping, header: mapping.header.trim() }))];
  const broken = mappingsProblem(mappings);
  const isOfPart = kind === 'header' || kind === 'query';
  const partProblem = isOfPart ? mappingProblem(own[0] ?? { header: headerForQuery(part) }) : undefined;
  const rule = (problem: keyof typeof MAPPING_PROBLEMS): string =>
    text(REGISTER.partIllegal, { rule: MAPPING_PROBLEMS[problem] });
  const problems = {
    ...(name.trim() === '' && { name: text(REGISTER.nameEmpty) }),
    ...(!isSlug(slug) && { slug: text(REGISTER.slugIllegal) }),
    ...(partProblem !== undefined && { part: rule(partProblem) }),
    ...(broken !== undefined && partProblem === undefined && { more: rule(broken.problem) }),
  };
  const isGood = Object.keys(problems).length === 0;
  return {
    ...{ name, setName, slug, setSlug, kind, setKind, part, setPart, more, setMore, problems },
    isOpen: mappings.length === 0,
    registration: isGood ? { name: name.trim(), slug, url, passthroughHeaders: mappings } : undefined,
  };
}

function hostName(url: string): string {
  return new URL(url).hostname;
}
