import { IsIn, IsUrl, Matches, MaxLength } from 'class-validator';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';
import { CLIENTS } from './clients/clients.js';
import { type Way, WAYS } from './configuration.js';

const IDS = CLIENTS.map(({ id }) => id);
const PROXY_URL = {
  protocols: ['http', 'https'],
  require_protocol: true,
  require_tld: false,
  disallow_auth: true,
};

/** Which client is to be configured. */
export class ConnectQuery {
  @Field({ description: 'Without it, the clients are listed' })
  @Optional()
  @IsIn(IDS)
  client?: string;

  @Field({
    enum: WAYS,
    description:
      'How the client gets the credentials of its person: from variables and prompts (headers), from lethe bridge, which it starts, or from lethe headers, which it runs (helper)',
  })
  @Optional()
  @IsIn(WAYS)
  way?: Way;

  @Field({ format: 'uri', description: 'Where clients reach the proxies, for a registry without LETHE_PUBLIC_URL' })
  @Optional()
  @MaxLength(2_048)
  @Matches(/^[^?#]*$/)
  @IsUrl(PROXY_URL)
  proxyUrl?: string;
}
