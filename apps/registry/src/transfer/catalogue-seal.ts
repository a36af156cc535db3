import {
  type CatalogueCounts,
  type CatalogueItem,
  type ConditionalCapability,
  type Era,
  ITEM_KINDS,
  type ItemKind,
  itemKey,
  type JsonObject,
  type SkippedItem,
  type UpstreamFacts,
  type VerificationWarning,
} from '@lethe/contracts';
import { validPayload } from '@lethe/messaging';
import { parseJson } from '@lethe/mcp';
import type { RowsMac } from '@lethe/sealing';
import { IsArray, IsBoolean, IsIn, IsObject, IsOptional, IsString } from 'class-validator';
import type { ServedCatalogue } from '../catalogue/review.js';
import type { CatalogueDto } from './import.dto.js';

const PURPOSE = 'export:catalogue';

class SealedItem implements CatalogueItem {
  @IsIn(ITEM_KINDS) kind!: ItemKind;
  @IsString() own!: string;
  @IsObject() definition!: JsonObject;
  @IsOptional() @IsObject() legacyDefinition?: JsonObject;
  @IsOptional() @IsIn(['legacy', 'modern']) onlyIn?: Era;
  @IsOptional() @IsArray() needs?: ConditionalCapability[];
  @IsOptional() @IsBoolean() stale?: boolean;
}

/** What a verification has found besides its items. */
export class CatalogueFindings {
  @IsObject() facts!: UpstreamFacts;
  @IsObject() counts!: CatalogueCounts;
  @IsArray() skipped!: SkippedItem[];
  @IsArray() warnings!: VerificationWarning[];
}

/** The texts of a catalogue in a document. Definitions stay as the upstream sent them, character by character. */
export function catalogueTexts(
  findings: CatalogueFindings,
  { items, stale }: ServedCatalogue,
): Pick<CatalogueDto, 'found' | 'items'> {
  const lines = items.map((item) => JSON.stringify({ ...item, ...(stale.has(itemKey(item)) && { stale: true }) }));
  return { found: JSON.stringify(findings), items: lines.map((line) => `${line}\n`).join('') };
}

/** Authenticates a catalogue of a gateway: what is served is not always what the connector has found, and has signed. */
export function withSeal(rows: RowsMac, slug: string, catalogue: Omit<CatalogueDto, 'seal'>): CatalogueDto {
  return { ...catalogue, seal: rows.tag(PURPOSE, contentOf(slug, catalogue)) };
}

/** Whether a registry with these keys has exported this catalogue, of a gateway with this slug. */
export function isSealed(rows: RowsMac, slug: string, catalogue: CatalogueDto): boolean {
  return rows.matches(PURPOSE, contentOf(slug, catalogue), catalogue.seal);
}

/** Reads the texts of a catalogue whose seal was checked; undefined if a registry of another version has written them. */
export function readCatalogue({
  found,
  items,
}: CatalogueDto): { findings: CatalogueFindings; served: ServedCatalogue } | undefined {
  const findings = validPayload(CatalogueFindings, parseJson(found));
  const lines = items.split('\n').filter((line) => line !== '');
  const read = lines.flatMap((line) => validPayload(SealedItem, parseJson(line)) ?? []);
  if (findings === undefined || read.length !== lines.length) return undefined;
  const stale = new Set(read.filter((item) => item.stale === true).map(itemKey));
  return { findings, served: { items: read.map(({ stale: _stale, ...item }) => item), stale } };
}

function contentOf(slug: string, { receipt, tlsCa, found, items }: Omit<CatalogueDto, 'seal'>): object {
  return { slug, receipt, tlsCa: tlsCa ?? null, found, items };
}
