import type { Gateway } from '../../api/gateways.js';
import type { Mapping } from './credential-parts.js';

/** What is verified, and how it goes on after. */
export interface FlowProps {
  gateway: Gateway;
  /** Canonical URL, as the person typed or sees it. */
  url: string;
  mappings: readonly Mapping[];
  /** The token endpoint that the probe has found. */
  tokenUrl?: string | undefined;
  /** It was registered a moment ago. */
  isNew: boolean;
  onTakenBack?: () => void;
  /** Begins again at another URL. */
  onOtherUrl?: (url: string) => void;
}
