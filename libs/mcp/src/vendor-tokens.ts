/** Prefixes of vendors' tokens with which no ordinary word begins. */
const UNMISTAKABLE = [
  String.raw`github_pat_|gh[oprsu]_|glpat-|gldt-`,
  String.raw`sk-(?:ant-(?:api\d\d-)?|proj-|or-v1-|live-)?|[sprk]{2}_(?:live|test)_`,
  String.raw`xox[a-z]-|xapp-|AIza|ya29\.|dop_v1_|shpat_|figd_|lin_api_`,
].join('|');

/** Prefixes of tokens with which names and plain text may begin, too. */
const AMBIGUOUS = String.raw`AKIA|ASIA|npm_|pypi-|hf_|pat_|ntn_|secret_|SG\.|lethe_[a-z]+_`;

/** Sources of regular expressions for the prefixes of vendors' tokens. Users add the context before and after the prefix. */
export const VENDOR_PREFIXES = {
  /** For plain text, where false alarms are likely. */
  unmistakable: UNMISTAKABLE,
  /** For short values that are not meant for people. */
  any: `${UNMISTAKABLE}|${AMBIGUOUS}`,
} as const;
