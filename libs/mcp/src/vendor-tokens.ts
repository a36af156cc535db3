/** Prefixes by which vendors mark their tokens, and which no ordinary word begins with. */
const UNMISTAKABLE = [
  String.raw`github_pat_|gh[oprsu]_|glpat-|gldt-`,
  String.raw`sk-(?:ant-(?:api\d\d-)?|proj-|or-v1-|live-)?|[sprk]{2}_(?:live|test)_`,
  String.raw`xox[a-z]-|xapp-|AIza|ya29\.|dop_v1_|shpat_|figd_|lin_api_`,
].join('|');

/** Prefixes of tokens that names and plain text may begin with as well. */
const AMBIGUOUS = String.raw`AKIA|ASIA|npm_|pypi-|hf_|pat_|ntn_|secret_|SG\.|lethe_[a-z]+_`;

/** Sources of regular expressions for the prefixes of vendors' tokens; each user adds where one may stand and what follows. */
export const VENDOR_PREFIXES = {
  /** For plain text, where a false alarm costs: only what nothing else begins with. */
  unmistakable: UNMISTAKABLE,
  /** For values that are short and meant for machines. */
  any: `${UNMISTAKABLE}|${AMBIGUOUS}`,
} as const;
