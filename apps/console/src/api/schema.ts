// Made from the OpenAPI document by `npm run console:types`; a test compares the two. Do not edit.

export interface paths {
    "/v1/admins/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the administrator who asks, and the role */
        get: operations["whoami"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the administrators with tokens of Lethe, oldest first */
        get: operations["listAdmins"];
        put?: never;
        /** Makes an administrator; only this answer has the token */
        post: operations["createAdmin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an administrator */
        get: operations["getAdmin"];
        put?: never;
        post?: never;
        /** Deletes an administrator; the token is refused at once */
        delete: operations["removeAdmin"];
        options?: never;
        head?: never;
        /** Changes name, role or expiry of an administrator, or switches one off */
        patch: operations["changeAdmin"];
        trace?: never;
    };
    "/v1/admins/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces the token of an administrator; only this answer has the new one */
        post: operations["rotateAdmin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the entries of the audit log, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exports all entries, oldest first, as JSON lines */
        get: operations["exportAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whether the audit log is what was written */
        get: operations["verifyAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the gateways, oldest first unless another order is asked for */
        get: operations["listGateways"];
        put?: never;
        /**
         * Registers an upstream MCP server; it serves after its first verification
         * @description With the slug and the URL of a deleted gateway, that one is back: with its id, its verifications and its places in virtual servers.
         */
        post: operations["registerGateway"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a gateway */
        get: operations["getGateway"];
        put?: never;
        post?: never;
        /** Deletes a gateway that no virtual server has, or any with `force` */
        delete: operations["deleteGateway"];
        options?: never;
        head?: never;
        /** Changes a gateway; URL, transport, headers and certificates serve after a verification */
        patch: operations["changeGateway"];
        trace?: never;
    };
    "/v1/gateways/{ref}/kept-credential": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what is kept for a gateway, and what the next credential is sealed for */
        get: operations["getKeptCredential"];
        /**
         * Keeps a sealed credential for the calls of a gateway, in the place of the one before
         * @description Virtual servers use it where their `credentials` say so. Once it is accepted, the same body is refused: its revision has passed.
         */
        put: operations["keepCredential"];
        post?: never;
        /**
         * Deletes what is kept for a gateway, here and at the proxies
         * @description Also if nothing is kept: then the receipt is that of the deletion before. The tag is the one of the gateway.
         */
        delete: operations["forgetCredential"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the verifications of a gateway, newest first unless another order is asked for */
        get: operations["listVerifications"];
        put?: never;
        /** Begins a verification: reserves a slot, or connects at once without a credential */
        post: operations["beginVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/verifications/{vid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a verification */
        get: operations["getVerification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/verifications/{vid}/credential": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Passes a sealed credential on to the slot that was reserved */
        put: operations["sendCredential"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/verifications/{vid}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the items of a result of which something waits for a review or was rejected */
        get: operations["listPendingItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/verifications/{vid}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends a verification that waits or runs, at once, and gives its slot back
         * @description One that has ended is returned as it is.
         */
        post: operations["cancelVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the verifications of all gateways, newest first unless another order is asked for */
        get: operations["listAllVerifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/verifications/{vid}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows what a verification has added, changed and removed, with both definitions
         * @description Readable before anything of it is applied, and afterwards for as long as the verification is kept.
         */
        get: operations["getVerificationDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/verifications/{vid}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Serves what waits for a review, all of it or the named items
         * @description With `If-Match`, the `ETag` of the diff or of the decision before: it is refused if somebody has decided about a part of it since.
         */
        post: operations["applyVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/verifications/{vid}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rejects what waits for a review, all of it or the named items
         * @description A rejected definition is not served and not asked about again until it changes. With `If-Match`, the `ETag` of the diff or of the decision before: it is refused if somebody has decided about a part of it since.
         */
        post: operations["rejectVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the tools of a gateway, in the upstream's order */
        get: operations["listTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the resources of a gateway, in the upstream's order */
        get: operations["listResources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/resource-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the resource templates of a gateway, in the upstream's order */
        get: operations["listResourceTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gateways/{ref}/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the prompts of a gateway, in the upstream's order */
        get: operations["listPrompts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finds items in the catalogues of all gateways, and the virtual servers that expose them
         * @description What a verification has found is found here within a second, by another registry within ten.
         */
        get: operations["findItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the virtual servers, oldest first unless another order is asked for */
        get: operations["listServers"];
        put?: never;
        /** Makes a virtual server, and publishes it to the proxies */
        post: operations["createServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/servers/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a virtual server */
        get: operations["getServer"];
        put?: never;
        post?: never;
        /** Deletes a virtual server; another one may get its slug */
        delete: operations["deleteServer"];
        options?: never;
        head?: never;
        /** Changes a virtual server, and publishes it to the proxies */
        patch: operations["changeServer"];
        trace?: never;
    };
    "/v1/servers/{ref}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes what a virtual server says about some items, and publishes it
         * @description Items that are not named stay as they are. What is absent of a named item stays; null takes it away (RFC 7396). Without `If-Match`, changes of different items at the same time are all made.
         */
        patch: operations["changeServerItems"];
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the keys that are not revoked, oldest first */
        get: operations["listKeys"];
        put?: never;
        /**
         * Makes a key for callers of virtual servers; only this answer has it
         * @description The key is not stored, so an `Idempotency-Key` makes sure that only one is made, and a repeated request is answered with 409 `secret_shown_once` and the id of that one.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a key that is not revoked, without the key itself */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /** Revokes a key, and none that it was rotated from or to */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        /**
         * Changes name, roles or expiry of a key
         * @description Roles and expiry count within two seconds, roles also for streams that are open. A key can end earlier than the expiry that it was made with, but not later; one that has expired stays so.
         */
        patch: operations["changeKey"];
        trace?: never;
    };
    "/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a key with the rights of this one, which then ends; only this answer has the new key
         * @description Name, virtual servers and roles are those of the old key.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the signing keys of connectors, and the connectors that use them now */
        get: operations["listConnectors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/servers/{ref}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows how a client is configured for a virtual server, without secrets; or the clients */
        get: operations["configureClient"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/servers/{ref}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tells which headers a call of one item needs, where each goes, and why it would be refused
         * @description It changes nothing, and no call is made.
         */
        post: operations["explainCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams changes and the progress of verifications as server-sent events
         * @description Server-sent events (HTML Living Standard, section 9.2). `event` is the type, `data` an `EventView`, `id` its number in the audit log. With `Last-Event-ID` the stream goes on after that event, however long ago it was; if that is not possible, it begins with an event `reset`. A comment comes every 15 s. Events about administrators are for the role admin, and for those about whom they are. An administrator may have 8 streams.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/servers/{ref}/size": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells how large the list of a virtual server is as a model sees it
         * @description Of each item it counts the JSON of what clients commonly give a model: name, description and input schema of a tool, in the era in which they are longer. Items of a gateway that is switched off are in no list.
         */
        get: operations["measureServer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the settings of this registry, without secrets
         * @description They are read once, when the registry starts, and can not be changed here. Of a setting that may contain or lead to a credential, only whether it is set is told. Registries of one deployment may have different ones.
         */
        get: operations["listSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how the registry is, and what it has heard of connectors and proxies */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts gateways, virtual servers, keys and kept credentials, and names those that end soon */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Says how many calls proxies had, how they ended, and which limits they hit
         * @description Proxies tell it every five seconds. What a proxy tells while no registry hears it is not counted; metrics are complete.
         */
        get: operations["getActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists some of the last calls, newest first
         * @description A sample: each proxy tells of at most 50 calls in five seconds, first calls of a caller and failures before others. The newest 2,000 are kept, for 24 hours. The log has every call.
         */
        get: operations["listCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/probes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Looks at a URL without a credential, from a connector; stores nothing */
        post: operations["probeUpstream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Exports gateways and virtual servers as a document
         * @description YAML (RFC 9512), or JSON if `Accept` asks for that. The document has no secret, no key of a caller, no administrator, no id and no time: the same content always gives the same bytes.
         */
        get: operations["exportDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes gateways and virtual servers what a document says, all of it or nothing
         * @description The document is YAML (RFC 9512) or JSON, of at most 16 MiB, without aliases, anchors and tags. The same document again changes nothing. `dryRun=true` needs the role viewer, and answers the same plan, with all problems, and changes nothing.
         */
        post: operations["importDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Says how administrators sign in at the console, besides with a token of Lethe
         * @description Needs no token, and says nothing that a browser on its way to the issuer does not show. A registry with `LETHE_CONSOLE=off` does not have it.
         */
        get: operations["describeSignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says that the process runs */
        get: operations["isAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whether the service can do its work */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the metrics in the text format of Prometheus */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describes an error; the type of problem details leads here */
        get: operations["describeProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        WhoamiView: {
            /**
             * @description `oidc`: known by a token of the issuer
             * @enum {string}
             */
            kind: "administrator" | "oidc";
            id: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "editor" | "admin";
            /**
             * Format: date-time
             * @description When this token expires
             */
            expiresAt: string | null;
        };
        ActorView: {
            /** @enum {string} */
            kind: "administrator" | "oidc" | "registry" | "service";
            id: string;
            name: string;
            /** @enum {string} */
            role?: "viewer" | "editor" | "admin";
        };
        AdminWithTokenView: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "editor" | "admin";
            enabled: boolean;
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description Until then the token from before the last rotation is valid, too
             */
            previousTokenUntil: string | null;
            /**
             * Format: date-time
             * @description Exact to a minute
             */
            lastUsedAt: string | null;
            createdBy: components["schemas"]["ActorView"] | null;
            /** Format: date-time */
            createdAt: string;
            token: string;
        };
        CreateAdminDto: {
            /** @description For people: who has the token */
            name: string;
            /**
             * @description `viewer` reads; `editor` changes gateways, virtual servers and keys; `admin` administrators too
             * @enum {string}
             */
            role: "viewer" | "editor" | "admin";
            /**
             * Format: date-time
             * @description In the future
             */
            expiresAt?: string | null;
        };
        AdminView: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "editor" | "admin";
            enabled: boolean;
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description Until then the token from before the last rotation is valid, too
             */
            previousTokenUntil: string | null;
            /**
             * Format: date-time
             * @description Exact to a minute
             */
            lastUsedAt: string | null;
            createdBy: components["schemas"]["ActorView"] | null;
            /** Format: date-time */
            createdAt: string;
        };
        ChangeAdminDto: {
            readonly id?: string;
            /** @description For people: who has the token */
            name?: string;
            /**
             * @description `viewer` reads; `editor` changes gateways, virtual servers and keys; `admin` administrators too
             * @enum {string}
             */
            role?: "viewer" | "editor" | "admin";
            /** @description The token of one that is off is refused */
            enabled?: boolean;
            /**
             * Format: date-time
             * @description In the future
             */
            expiresAt?: string | null;
            /**
             * Format: date-time
             * @description Until then the token from before the last rotation is valid, too
             */
            readonly previousTokenUntil?: string | null;
            /**
             * Format: date-time
             * @description Exact to a minute
             */
            readonly lastUsedAt?: string | null;
            readonly createdBy?: components["schemas"]["ActorView"] | null;
            /** Format: date-time */
            readonly createdAt?: string;
        };
        RotateAdminDto: {
            /** @description How long the old token stays valid, at most a week; 0 unless it was ever given */
            overlapSeconds?: number;
        };
        AuditTargetView: {
            /** @enum {string} */
            kind: "administrator" | "gateway" | "key" | "server" | "verification";
            id: string;
            /** @description Of a verification, that of its gateway */
            slug: string | null;
        };
        AuditEntryView: {
            /** @description 1, 2, 3, … without a gap */
            seq: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["ActorView"];
            /** @description `operationId` of the request; without a request an event, such as `verification.lost` */
            operation: string;
            /**
             * @description `role_required`: refused, because another role is needed; `refused`: not used, because of what it is
             * @enum {string}
             */
            outcome: "done" | "role_required" | "refused";
            /** @description Null for a request that was refused */
            target: components["schemas"]["AuditTargetView"] | null;
            /** @description What the admin API showed of it; null if it is new */
            before: Record<string, unknown> | null;
            /** @description What it shows since, or what was refused; null if it was removed */
            after: Record<string, unknown> | null;
            /** @description `requestId` of the log */
            requestId: string | null;
            previousHash: string;
            /** @description Authentication code over the entry, with `previousHash` */
            hash: string;
        };
        AuditVerificationView: {
            /** @enum {string} */
            state: "intact" | "broken";
            /** @description How many entries were checked */
            entries: number;
            /** @description `hash` of the last one */
            head: string;
            /** @description The first entry that is not what was written */
            firstBroken: number | null;
            /**
             * @description `missing`: the entry is not there; `changed`: it, or its place, is another; `truncated`: the last entries are gone; `replaced`: it is genuine, but another one had its place
             * @enum {string|null}
             */
            why: "missing" | "changed" | "truncated" | "replaced" | null;
            /** @description The newest entry that is known outside of the database */
            knownUntil: number | null;
        };
        QueryTargetView: {
            query: string;
        };
        MappingView: {
            header: string;
            required?: boolean;
            /** @enum {string} */
            scheme?: "bearer" | "basic" | "dpop";
            to?: components["schemas"]["QueryTargetView"];
        };
        ItemTagsDto: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description A glob for the upstream's own names: `*` is any text, `?` one character, and every other character is itself, as is one after a backslash. At most 200 characters and 8 stars */
            name: string;
            tags: string[];
        };
        BreakerDto: {
            /** @description Failures in a row */
            failures: number;
            /** @description How long it is not called then */
            openSeconds: number;
        };
        GatewayLimitsDto: {
            /** @description Calls at the same time */
            concurrent?: number;
            /** @description 5 failures and 10 s when absent */
            breaker?: components["schemas"]["BreakerDto"];
        };
        OAuthClientDto: {
            /**
             * @description The only authorization server that it is used at, exactly as the upstream names it
             * @example https://as.example.com
             */
            issuer: string;
            /** @description As registered there, or the https URL of a client metadata document */
            clientId: string;
        };
        KeptView: {
            /**
             * @description Only a `usable` one is sent; seal another one otherwise
             * @enum {string}
             */
            state: "usable" | "ended" | "other_configuration" | "tampered";
            keptRevision: number;
            /** @description The configuration that it was sealed for */
            configRevision: number;
            /**
             * Format: date-time
             * @description Proxies refuse it from then on
             */
            until: string;
            /**
             * Format: date-time
             * @description When its upstream last rejected it; null if not in the last hour
             */
            rejectedAt: string | null;
            by: components["schemas"]["ActorView"];
            /** Format: date-time */
            at: string;
        };
        ConfigView: {
            url: string;
            /** @enum {string} */
            transport: "auto" | "streamable-http" | "sse";
            passthroughHeaders: components["schemas"]["MappingView"][];
        };
        CountsView: {
            tools: number;
            resources: number;
            resourceTemplates: number;
            prompts: number;
            skipped: number;
            conditional?: number;
        };
        OAuthServerView: {
            /** @description Verbatim; its metadata name exactly this issuer (RFC 8414, section 3.3) */
            issuer: string;
            /** @description How a client becomes known there without help; empty where somebody has to register one */
            registration: ("metadata_document" | "dynamic")[];
            /**
             * @description It has the device flow (RFC 8628)
             * @enum {boolean}
             */
            device?: true;
            /**
             * @description It binds tokens to a key (RFC 9449)
             * @enum {boolean}
             */
            dpop?: true;
        };
        OAuthFactsView: {
            /** @description The resource indicator (RFC 8707), verbatim */
            resource: string;
            servers: components["schemas"]["OAuthServerView"][];
            /** @description What its challenge asks for, separated by spaces */
            scope?: string;
            /** @description All scopes that it knows */
            scopes?: string[];
        };
        EraFactsView: {
            /** @enum {string} */
            era: "legacy" | "modern";
            protocolVersion: string;
            sessionful: boolean;
            sessionIdBytes?: number;
            /** @enum {string} */
            listScope: "public" | "private" | "unknown";
            serverInfo: {
                [key: string]: unknown;
            };
            capabilities: {
                [key: string]: unknown;
            };
            instructions?: string;
        };
        FactsView: {
            /** @enum {string} */
            era: "legacy" | "modern";
            protocolVersion: string;
            sessionful: boolean;
            sessionIdBytes?: number;
            /** @enum {string} */
            listScope: "public" | "private" | "unknown";
            serverInfo: {
                [key: string]: unknown;
            };
            capabilities: {
                [key: string]: unknown;
            };
            instructions?: string;
            /** @enum {string} */
            transport: "streamable-http" | "sse";
            /** @description Absent if it names no authorization server */
            oauth?: components["schemas"]["OAuthFactsView"];
            otherEra?: components["schemas"]["EraFactsView"];
        };
        ItemCountsView: {
            tools: number;
            resources: number;
            resourceTemplates: number;
            prompts: number;
        };
        EraView: {
            /** @enum {string} */
            era: "legacy" | "modern";
            protocolVersion: string;
            sessionful: boolean;
            counts?: components["schemas"]["ItemCountsView"];
        };
        RequestedListsView: {
            /** @enum {string} */
            era: "legacy" | "modern";
            methods: string[];
        };
        HiddenCountsView: {
            invisible?: number;
            bidi?: number;
            control?: number;
        };
        VerificationWarningView: {
            /** @enum {string} */
            code: "era_failed" | "conditional_failed" | "era_empty" | "catalogue_empty" | "schema_held_back" | "schemas_unchecked" | "hidden_text" | "authorization_unknown";
            /** @enum {string} */
            era?: "legacy" | "modern";
            /** @enum {string} */
            why?: "credential_required" | "credential_rejected" | "upstream_forbidden" | "upstream_unreachable" | "upstream_tls_failed" | "upstream_timeout" | "upstream_redirected" | "upstream_closed" | "upstream_http_error" | "upstream_protocol_error" | "upstream_too_large" | "upstream_reflects_credential" | "not_an_mcp_server" | "address_forbidden" | "envelope_invalid" | "envelope_expired" | "credential_malformed" | "scheme_unsupported" | "handshake_crashed" | "token_endpoint_forbidden" | "token_endpoint_unreachable" | "token_endpoint_tls_failed" | "token_endpoint_refused" | "token_response_invalid" | "token_not_bearer" | "cancelled" | "unreachable" | "tls_failed" | "timeout" | "unavailable" | "address_forbidden" | "metadata_elsewhere" | "resource_mismatch" | "issuer_unconfirmed";
            httpStatus?: number;
            requested?: components["schemas"]["RequestedListsView"][];
            /** @description JSON pointer to the place in the catalogue */
            pointer?: string;
            /** @enum {string} */
            kind?: "tool" | "resource" | "resourceTemplate" | "prompt";
            name?: string;
            found?: components["schemas"]["HiddenCountsView"];
        };
        LastVerificationView: {
            /** Format: uuid */
            id: string;
            /** @description As `state` of the verification */
            state: string;
            code?: string;
        };
        ReviewPendingView: {
            added: number;
            changed: number;
            removed: number;
        };
        RejectedView: {
            /** Format: uuid */
            verification: string;
            changes: number;
        };
        DriftSuspectedView: {
            /** Format: date-time */
            since: string;
            /**
             * @description `list_changed`: the upstream announced a change; `unknown_item`: it does not know an item that is served
             * @enum {string}
             */
            why: "list_changed" | "unknown_item";
        };
        LivenessView: {
            /**
             * @description `answers`: also with a refusal such as 401; `fails`: it could not be reached; `unknown`: no call since this registry started
             * @enum {string}
             */
            state: "answers" | "fails" | "unknown";
            /** Format: date-time */
            answeredAt: string | null;
            /** Format: date-time */
            failedAt: string | null;
        };
        GatewayView: {
            url: string;
            /** @enum {string} */
            transport: "auto" | "streamable-http" | "sse";
            passthroughHeaders: components["schemas"]["MappingView"][];
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
            description: string | null;
            tags: string[];
            itemTags: components["schemas"]["ItemTagsDto"][];
            /** @enum {string} */
            listing: "catalogue" | "live";
            /** @enum {string} */
            drift: "auto" | "review";
            tlsCa: string | null;
            enabled: boolean;
            trustHints: boolean;
            limits: components["schemas"]["GatewayLimitsDto"] | null;
            /** @description By which people log in for it */
            oauthClient: components["schemas"]["OAuthClientDto"] | null;
            /**
             * @description `kept`: proxies keep a credential for calls; `once`: it was used for the verification alone
             * @enum {string}
             */
            credential: "once" | "kept";
            kept: components["schemas"]["KeptView"] | null;
            /** @enum {string} */
            state: "unverified" | "verified";
            configRevision: number;
            pendingRevision: number | null;
            pending?: components["schemas"]["ConfigView"];
            counts: components["schemas"]["CountsView"] | null;
            facts: components["schemas"]["FactsView"] | null;
            eras: components["schemas"]["EraView"][];
            warnings: components["schemas"]["VerificationWarningView"][];
            lastVerification: components["schemas"]["LastVerificationView"] | null;
            reviewVerification: string | null;
            /** @description How many changes wait for a review */
            reviewPending: components["schemas"]["ReviewPendingView"] | null;
            /** @description Changes of the newest result that were rejected, and are not served */
            rejected: components["schemas"]["RejectedView"] | null;
            /** @description Proxies saw that the items may have changed since the last verification: verify again */
            driftSuspected: components["schemas"]["DriftSuspectedView"] | null;
            /** @description What calls of clients show. It removes nothing */
            liveness: components["schemas"]["LivenessView"];
            reviewReason: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        QueryTargetDto: {
            query: string;
        };
        MappingDto: {
            /** @example Authorization */
            header: string;
            required?: boolean;
            /** @enum {string} */
            scheme?: "bearer" | "basic" | "dpop";
            to?: components["schemas"]["QueryTargetDto"];
        };
        RegisterGatewayDto: {
            name: string;
            /** @description Never changes; made from the name when absent */
            slug?: string;
            /** @example https://mcp.example.com/mcp */
            url: string;
            /**
             * @description "auto" unless it was ever given
             * @enum {string}
             */
            transport?: "auto" | "streamable-http" | "sse";
            description?: string | null;
            /** @description Words by which people find it, and by which virtual servers include it (`gatewayTags`) */
            tags?: string[];
            /** @description Tags of its items, by which people find them and virtual servers include them (`tags`). An item has those of all entries that match it; a verification changes none */
            itemTags?: components["schemas"]["ItemTagsDto"][];
            /** @description Headers of callers for this upstream; `[{ "header": "Authorization" }]` when absent */
            passthroughHeaders?: components["schemas"]["MappingDto"][];
            /**
             * @description Whether lists are what was verified, or asked of the upstream each time; "catalogue" unless it was ever given
             * @enum {string}
             */
            listing?: "catalogue" | "live";
            /**
             * @description Whether what a later verification finds is served at once, or waits for `apply`; "auto" unless it was ever given
             * @enum {string}
             */
            drift?: "auto" | "review";
            /** @description PEM certificate authorities for this upstream only */
            tlsCa?: string | null;
            /** @description true unless it was ever given */
            enabled?: boolean;
            /** @description Whether grants with `readOnly` and rules with `annotations` believe what its tools say about themselves, such as `readOnlyHint`; false unless it was ever given */
            trustHints?: boolean;
            /** @description Null: no limit, and the default breaker */
            limits?: components["schemas"]["GatewayLimitsDto"] | null;
            /** @description The client by which people log in for it; null: each registers their own. It needs no verification, and is not used before a verification has found its issuer */
            oauthClient?: components["schemas"]["OAuthClientDto"] | null;
        };
        ChangeGatewayDto: {
            /** @example https://mcp.example.com/mcp */
            url?: string;
            /**
             * @description "auto" unless it was ever given
             * @enum {string}
             */
            transport?: "auto" | "streamable-http" | "sse";
            /** @description Headers of callers for this upstream; `[{ "header": "Authorization" }]` when absent */
            passthroughHeaders?: components["schemas"]["MappingDto"][];
            /** Format: uuid */
            readonly id?: string;
            name?: string;
            readonly slug?: string;
            description?: string | null;
            /** @description Words by which people find it, and by which virtual servers include it (`gatewayTags`) */
            tags?: string[];
            /** @description Tags of its items, by which people find them and virtual servers include them (`tags`). An item has those of all entries that match it; a verification changes none */
            itemTags?: components["schemas"]["ItemTagsDto"][];
            /**
             * @description Whether lists are what was verified, or asked of the upstream each time; "catalogue" unless it was ever given
             * @enum {string}
             */
            listing?: "catalogue" | "live";
            /**
             * @description Whether what a later verification finds is served at once, or waits for `apply`; "auto" unless it was ever given
             * @enum {string}
             */
            drift?: "auto" | "review";
            /** @description PEM certificate authorities for this upstream only */
            tlsCa?: string | null;
            /** @description true unless it was ever given */
            enabled?: boolean;
            /** @description Whether grants with `readOnly` and rules with `annotations` believe what its tools say about themselves, such as `readOnlyHint`; false unless it was ever given */
            trustHints?: boolean;
            /** @description Null: no limit, and the default breaker */
            limits?: components["schemas"]["GatewayLimitsDto"] | null;
            /** @description The client by which people log in for it; null: each registers their own. It needs no verification, and is not used before a verification has found its issuer */
            oauthClient?: components["schemas"]["OAuthClientDto"] | null;
            /**
             * @description `kept`: proxies keep a credential for calls; `once`: it was used for the verification alone
             * @enum {string}
             */
            readonly credential?: "once" | "kept";
            readonly kept?: components["schemas"]["KeptView"] | null;
            /** @enum {string} */
            readonly state?: "unverified" | "verified";
            readonly configRevision?: number;
            readonly pendingRevision?: number | null;
            readonly pending?: components["schemas"]["ConfigView"];
            readonly counts?: components["schemas"]["CountsView"] | null;
            readonly facts?: components["schemas"]["FactsView"] | null;
            readonly eras?: components["schemas"]["EraView"][];
            readonly warnings?: components["schemas"]["VerificationWarningView"][];
            readonly lastVerification?: components["schemas"]["LastVerificationView"] | null;
            readonly reviewVerification?: string | null;
            /** @description How many changes wait for a review */
            readonly reviewPending?: components["schemas"]["ReviewPendingView"] | null;
            /** @description Changes of the newest result that were rejected, and are not served */
            readonly rejected?: components["schemas"]["RejectedView"] | null;
            /** @description Proxies saw that the items may have changed since the last verification: verify again */
            readonly driftSuspected?: components["schemas"]["DriftSuspectedView"] | null;
            /** @description What calls of clients show. It removes nothing */
            readonly liveness?: components["schemas"]["LivenessView"];
            readonly reviewReason?: string | null;
            /** Format: date-time */
            readonly createdAt?: string;
            /** Format: date-time */
            readonly updatedAt?: string;
        };
        ForgottenView: {
            /** @description Of the deletion: no proxy uses what is older */
            keptRevision: number;
            by: components["schemas"]["ActorView"];
            /** Format: date-time */
            at: string;
            /** @description All of that in a JWS of the registry (`lethe-kept-deletion+jws`), with the id of the gateway */
            receipt: string;
        };
        KeptProxyView: {
            host: string;
            /** @description Whether it has applied what is kept now, or that nothing is */
            isCurrent: boolean;
        };
        RegistryKeyView: {
            kid: string;
            /** @description JWK thumbprint (RFC 7638) */
            fingerprint: string;
            /** @description Ed25519 (RFC 8037) */
            jwk: {
                [key: string]: string;
            };
            /** @enum {string} */
            state: "active" | "retired";
        };
        KeptOfferView: {
            /** @description JWS of the registry, valid for ten minutes: gateway, URL, digest of headers and certificates, revisions, and the X25519 key of the proxies */
            offer: string;
            /** @description JWK thumbprint (RFC 7638) of the key in the offer; compare it with the one you know */
            fingerprint: string;
            /** @description The keys that may have signed the offer */
            registry: components["schemas"]["RegistryKeyView"][];
        };
        KeptCredentialView: {
            kept: components["schemas"]["KeptView"] | null;
            /** @description The deletion after which nothing is kept */
            forgotten: components["schemas"]["ForgottenView"] | null;
            /** @description Live proxies that open kept credentials, one for each worker */
            proxies: components["schemas"]["KeptProxyView"][];
            /** @description Null for the reason in `refused` */
            next: components["schemas"]["KeptOfferView"] | null;
            /** @enum {string|null} */
            refused: "keeping_off" | "kept_key_missing" | "gateway_unverified" | null;
        };
        DeletedCredentialView: {
            /** @description Null if nothing was ever kept */
            forgotten: components["schemas"]["ForgottenView"] | null;
        };
        SlotView: {
            offer: string;
            doorUrl: string | null;
        };
        SkippedItemView: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            index: number;
            /** @enum {string} */
            era?: "legacy" | "modern";
            /** @enum {string} */
            reason: "malformed" | "name_illegal" | "duplicate" | "too_deep" | "too_large" | "too_many";
        };
        ItemRefView: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The upstream's own name, URI or URI template */
            own: string;
        };
        CatalogueDiffView: {
            added: components["schemas"]["ItemRefView"][];
            changed: components["schemas"]["ItemRefView"][];
            removed: components["schemas"]["ItemRefView"][];
        };
        ReviewView: {
            /** @enum {string} */
            why: "drift" | "hidden_text" | "authorization_server_changed";
            facts: components["schemas"]["FactsView"] | null;
            items: string;
            diff: string;
            apply: string;
            reject: string;
        };
        VerificationView: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            gatewayId: string;
            attempt: number;
            configRevision: number;
            /** @enum {string} */
            state: "awaiting_credential" | "running" | "verified" | "failed" | "lost" | "expired" | "cancelled";
            /** Format: date-time */
            deadline: string;
            slot?: components["schemas"]["SlotView"];
            code?: string;
            httpStatus?: number;
            /** @enum {string} */
            scheme?: "bearer" | "basic";
            wantsProof?: boolean;
            /** @enum {string} */
            why?: "dns" | "refused" | "timeout";
            /** @enum {string} */
            tokenError?: "invalid_request" | "invalid_client" | "invalid_grant" | "unauthorized_client" | "unsupported_grant_type" | "invalid_scope" | "invalid_target";
            retryAfterSeconds?: number;
            registerUrl?: string;
            pointer?: string;
            /** Format: date-time */
            startedAt?: string;
            /** Format: date-time */
            finishedAt?: string;
            requests?: number;
            era?: string;
            protocolVersion?: string;
            transport?: string;
            sessionful?: boolean;
            listScope?: string;
            oauth?: components["schemas"]["OAuthFactsView"];
            eras?: components["schemas"]["EraView"][];
            counts?: components["schemas"]["CountsView"];
            skipped?: components["schemas"]["SkippedItemView"][];
            warnings?: components["schemas"]["VerificationWarningView"][];
            digest?: string;
            diff?: components["schemas"]["CatalogueDiffView"];
            /** Format: uuid */
            comparedWith?: string;
            review?: components["schemas"]["ReviewView"];
            receipt?: string;
        };
        BeginVerificationDto: {
            /**
             * @description `none` when the upstream needs no credential; the handshake then runs at once
             * @enum {string}
             */
            credential?: "none";
        };
        ItemView: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The upstream's own name of it, URI or URI template */
            name: string;
            /** @description Exactly as the upstream sent it */
            definition: {
                [key: string]: unknown;
            };
            /** @description What it sent in the legacy era, if that differs */
            legacyDefinition?: {
                [key: string]: unknown;
            };
            /**
             * @description The only era in which the upstream lists it
             * @enum {string}
             */
            onlyIn?: "legacy" | "modern";
            /** @description Client capabilities without which the upstream does not list it */
            needs?: ("roots" | "sampling" | "elicitation" | "elicitation.url")[];
            /** @description The upstream no longer lists it, and that was not reviewed yet */
            stale: boolean;
            /** @description By `itemTags` of its gateway; absent while it waits for a review */
            tags?: string[];
        };
        ItemContentView: {
            /** @description Exactly as the upstream sent it */
            definition: {
                [key: string]: unknown;
            };
            /** @description What it sent in the legacy era, if that differs */
            legacyDefinition?: {
                [key: string]: unknown;
            };
            /**
             * @description The only era in which it is listed
             * @enum {string}
             */
            onlyIn?: "legacy" | "modern";
            /** @description Client capabilities without which it is not listed */
            needs?: string[];
        };
        HiddenTextView: {
            /** @description JSON pointer into `after` */
            pointer: string;
            /** @description The text, with what it hides from people as `\u{202e}` */
            text: string;
        };
        ChangeView: {
            /**
             * @description `server`: what the upstream says of itself, such as its instructions
             * @enum {string}
             */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt" | "server";
            /** @description The upstream's own name, URI or URI template */
            name: string;
            /** @enum {string} */
            change: "added" | "changed" | "removed";
            /**
             * @description `served` without a review; `pending`: waits for one; `applied` or `rejected` by one; `superseded` by a newer result
             * @enum {string}
             */
            status: "served" | "pending" | "applied" | "rejected" | "superseded";
            /** @description JSON pointers to what differs between `before` and `after` */
            changes: string[];
            /** @description Absent if it was added, or is not stored any more */
            before?: components["schemas"]["ItemContentView"];
            /** @description Absent if it was removed, or is not stored any more */
            after?: components["schemas"]["ItemContentView"];
            /** @description New texts that hide characters from people */
            hidden: components["schemas"]["HiddenTextView"][];
            /** Format: date-time */
            decidedAt?: string;
        };
        DiffView: {
            /** Format: uuid */
            verification: string;
            /**
             * Format: uuid
             * @description The verification that served when the result came; null if none did
             */
            comparedWith: string | null;
            /**
             * @description Why a part of it waits for a review
             * @enum {string|null}
             */
            waits: "drift" | "hidden_text" | "authorization_server_changed" | null;
            items: components["schemas"]["ChangeView"][];
            /** @description Absent on the last page */
            nextCursor?: string;
        };
        ChangeRefDto: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt" | "server";
            /** @description The upstream's own name, URI or URI template */
            name: string;
        };
        ReviewDto: {
            /** @description Absent for all that wait. What was rejected is applied only if it is named */
            items?: components["schemas"]["ChangeRefDto"][];
        };
        ExposingServerView: {
            slug: string;
            /** @description The name or URI that clients see */
            exposed: string;
        };
        FoundItemView: {
            /** @description Slug */
            gateway: string;
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The upstream's own name of it, URI or URI template */
            name: string;
            title: string | null;
            /** @description Its beginning */
            description: string | null;
            /** @description Of the item and of its gateway */
            tags: string[];
            /** @description The upstream no longer lists it, and that was not reviewed yet */
            stale: boolean;
            /** @description How many names it has in virtual servers */
            exposedCount: number;
            /** @description The first twenty of them, by slug */
            servers: components["schemas"]["ExposingServerView"][];
        };
        ItemPickView: {
            /** @description Slug; also of a deleted gateway, which `leftOut` then names */
            gateway: string;
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            name: string;
            as?: string;
            description?: string;
            enabled?: boolean;
            readOnly?: boolean;
            tags?: string[];
        };
        ToolHintsDto: {
            /** @description As in the annotations of tools */
            readOnlyHint?: boolean;
            /** @description As in the annotations of tools */
            destructiveHint?: boolean;
            /** @description As in the annotations of tools */
            idempotentHint?: boolean;
            /** @description As in the annotations of tools */
            openWorldHint?: boolean;
        };
        IncludeRuleView: {
            /** @description Slug; also of a deleted gateway, which `leftOut` then names */
            gateway?: string;
            gatewayTags?: string[];
            kinds?: ("tool" | "resource" | "resourceTemplate" | "prompt")[];
            names?: string[];
            tags?: string[];
            annotations?: components["schemas"]["ToolHintsDto"];
        };
        GrantDto: {
            /** @description A role of callers' keys or tokens; `*`: every caller. At most 31 others on one server */
            role: string;
            /** @description Only items of these kinds */
            kinds?: ("tool" | "resource" | "resourceTemplate" | "prompt")[];
            /** @description Only items of these gateways (id or slug) */
            gateways?: string[];
            /** @description Globs for the names and URIs that clients see: `*` is any text, `?` one character, and every other character is itself, as is one after a backslash. At most 200 characters and 8 stars each */
            names?: string[];
            /** @description Only what reads: resources, prompts, and tools whose verified definition has `readOnlyHint`, at gateways with `trustHints`, or that `items` of this server call `readOnly` */
            readOnly?: true;
        };
        RateDto: {
            /** @description Calls in that time */
            calls: number;
            /** @description That time */
            seconds: number;
            /** @description Calls that may come at once; as `calls` when absent */
            burst?: number;
            /** @description Calls of one caller to one gateway at the same time */
            concurrent?: number;
        };
        ToolLimitDto: {
            /** @description Globs for the names of tools that clients see: `*` is any text, `?` one character, and every other character is itself, as is one after a backslash. At most 200 characters and 8 stars each */
            names: string[];
            /** @description For each caller */
            caller: components["schemas"]["RateDto"];
        };
        ServerLimitsDto: {
            /** @description For all tools together */
            caller?: components["schemas"]["RateDto"];
            /** @description For some tools */
            tools?: components["schemas"]["ToolLimitDto"][];
        };
        CredentialUseDto: {
            /** @description Id or slug */
            gateway: string;
            /**
             * @description `callers`: the caller's own; `callers-then-kept`: the kept one if the caller sends none; `kept`: the kept one, and a caller's own is refused. A kept one is used only for what a grant allows whose role is not `*` and that names the gateway
             * @enum {string}
             */
            use: "callers" | "callers-then-kept" | "kept";
        };
        ExposedView: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            exposed: string;
            /** @description Slug */
            gateway: string;
            own: string;
            /** @description Of `items`, or else of its gateway */
            tags: string[];
        };
        LeftOutView: {
            /**
             * @description Absent when the whole gateway was left out
             * @enum {string}
             */
            kind?: "tool" | "resource" | "resourceTemplate" | "prompt";
            gateway: string;
            own?: string;
            /** @enum {string} */
            reason: "gateway_unverified" | "gateway_waits_for_review" | "gateway_deleted" | "gateway_tampered" | "too_many_gateways" | "too_many_sessionful" | "session_token_too_large" | "header_clash" | "item_unknown" | "uri_clash" | "name_clash";
        };
        LostView: {
            gateway: string;
            kind: Record<string, unknown>;
            /** @description Its exposed name, which stays its own: it has it again when it returns */
            name: string;
            /** @description The upstream's own name of it */
            own: string;
            /** Format: date-time */
            since: string;
        };
        WarningView: {
            /** @enum {string} */
            code: "headers_over_limit";
            /** @description Passthrough headers of all gateways */
            headers: number;
            /** @description All headers of a request together, with 4 KiB for each credential */
            needsKib: number;
            limitKib: number;
            /** @enum {string} */
            setting: "LETHE_MAX_HEADER_KIB" | "LETHE_FRONT_HEADER_KIB";
        };
        CurationWarningView: {
            /**
             * @description `hints_untrusted`: a rule asks for annotations of a gateway without `trustHints`; `tags_unsealed`: the tags of a gateway do not count before they are set again; `tools_over_limit`: the tools are long for a model
             * @enum {string}
             */
            code: "hints_untrusted" | "tags_unsealed" | "tools_over_limit";
            /** @description Slug of the gateway that rules do not include as one would expect */
            gateway?: string;
            /** @description Of all tools, as a model gets them */
            estimatedTokens?: number;
            limitTokens?: number;
        };
        ServerView: {
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
            description: string | null;
            instructions: string | null;
            tags: string[];
            items: components["schemas"]["ItemPickView"][];
            include: components["schemas"]["IncludeRuleView"][];
            /** @description Who may call: callers with a key, anyone, or callers with a token of this issuer */
            access: ("key" | "open") | {
                /** @enum {string} */
                kind: "jwt";
                /** Format: uri */
                issuer: string;
                audience: string;
                jwksUri: string;
                algorithms: ("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA" | "Ed25519")[];
                /** @description Where tokens have the roles of callers */
                roles?: {
                    /** @description A claim, or a path with dots; a text with spaces or an array of texts */
                    claim: string;
                    /** @description Value -> role; others are none */
                    map?: {
                        [key: string]: string;
                    };
                };
            };
            enabled: boolean;
            /** @enum {string} */
            missingCredential: "error" | "result";
            /** @enum {string} */
            rejectedCredential: "error" | "http";
            /** @enum {string} */
            eras: "auto" | "both" | "legacy";
            maxNameLength: number;
            grants: components["schemas"]["GrantDto"][] | null;
            limits: components["schemas"]["ServerLimitsDto"] | null;
            credentials: components["schemas"]["CredentialUseDto"][] | null;
            shortForm: {
                [key: string]: string;
            };
            /** @description Path of its endpoint on every proxy */
            path: string;
            /** @description Slugs of the gateways that it has now, by name or by a tag */
            gateways: string[];
            exposed: components["schemas"]["ExposedView"][];
            leftOut: components["schemas"]["LeftOutView"][];
            /** @description Items that it would serve, but that their upstreams no longer list */
            lost: components["schemas"]["LostView"][];
            warnings: components["schemas"]["WarningView"][];
            curationWarnings: components["schemas"]["CurationWarningView"][];
            /** @description Of the manifest that proxies serve */
            revision: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ItemPickDto: {
            /** @description Id or slug */
            gateway: string;
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The upstream's own name, URI or URI template */
            name: string;
            /** @description The name that clients see; only for tools and prompts */
            as?: string;
            /** @description Instead of what the upstream says */
            description?: string;
            /** @description `false` leaves it out, also where a rule of `include` matches it */
            enabled?: boolean;
            /** @description For grants with `readOnly`: whether it only reads, whatever its hint says */
            readOnly?: boolean;
            /** @description Instead of those that its gateway gives it (`itemTags`) */
            tags?: string[];
        };
        IncludeRuleDto: {
            /** @description Id or slug; absent: every gateway that carries one of `gatewayTags` */
            gateway?: string;
            /** @description Only gateways that carry one of these tags, those too that get one later */
            gatewayTags?: string[];
            /** @description All kinds when absent */
            kinds?: ("tool" | "resource" | "resourceTemplate" | "prompt")[];
            /** @description Globs for the upstream's own names: `*` is any text, `?` one character, and every other character is itself, as is one after a backslash. At most 200 characters and 8 stars each */
            names?: string[];
            /** @description Only items with one of these tags (`itemTags` of their gateway) */
            tags?: string[];
            /** @description Only tools whose verified definition says all of this, at gateways with `trustHints`. Absent hints have the defaults of the specification */
            annotations?: components["schemas"]["ToolHintsDto"];
        };
        CreateServerDto: {
            name: string;
            /** @description Part of its URL; made from the name when absent */
            slug?: string;
            description?: string | null;
            /** @description Replaces the instructions of the upstreams, which are served otherwise; an empty text means none */
            instructions?: string | null;
            /** @description Words by which people find it */
            tags?: string[];
            /** @description Items one by one, with the name and description that clients see */
            items?: components["schemas"]["ItemPickDto"][];
            /** @description All items that a rule matches, besides `items` */
            include?: components["schemas"]["IncludeRuleDto"][];
            /** @description Who may call: callers with a key, anyone, or callers with a token of this issuer; "key" unless it was ever given */
            access?: ("key" | "open") | {
                /** @enum {string} */
                kind: "jwt";
                /** Format: uri */
                issuer: string;
                audience: string;
                jwksUri: string;
                algorithms: ("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA" | "Ed25519")[];
                /** @description Where tokens have the roles of callers */
                roles?: {
                    /** @description A claim, or a path with dots; a text with spaces or an array of texts */
                    claim: string;
                    /** @description Value -> role; others are none */
                    map?: {
                        [key: string]: string;
                    };
                };
            };
            /** @description A server that is switched off answers every caller with 503 and keeps all its settings; true unless it was ever given */
            enabled?: boolean;
            /**
             * @description How a tool call is answered whose credential is missing, unusable or rejected by the upstream: `result` is a tool result with `isError`, which a model can read; `error` a JSON-RPC error. Virtual servers created while `error` was the default keep it; "result" unless it was ever given
             * @enum {string}
             */
            missingCredential?: "error" | "result";
            /**
             * @description How a caller's own credential that is missing or rejected is told: `error` with HTTP status 200; `http` with 401 or 403 as the upstream said, `WWW-Authenticate: Lethe-Upstream` and a JSON-RPC error, also for tools: for clients that get their headers from a program and then run it again. Other clients take it for a request to sign in; "error" unless it was ever given
             * @enum {string}
             */
            rejectedCredential?: "error" | "http";
            /**
             * @description Protocol eras that are served. `auto` refuses `server/discover` while an open gateway speaks the legacy era alone and keeps sessions, so that clients fall back to `initialize`; `both` always answers it; `legacy` refuses every modern request; "auto" unless it was ever given
             * @enum {string}
             */
            eras?: "auto" | "both" | "legacy";
            /** @description Longest name that is made for a tool or prompt, for clients that put a prefix before it and cut it off; names that are assigned already stay; 64 unless it was ever given */
            maxNameLength?: number;
            /** @description Who may see and use what; what no grant allows does not exist for a caller. Null: everybody everything */
            grants?: components["schemas"]["GrantDto"][] | null;
            /** @description Null: no limits */
            limits?: components["schemas"]["ServerLimitsDto"] | null;
            /** @description Whose credential calls have, for gateways where it is not that of callers alone. Null: nowhere */
            credentials?: components["schemas"]["CredentialUseDto"][] | null;
            /** @description Maps a header of upstreams to the gateway (id or slug) that gets it when clients send its short form */
            shortForm?: {
                [key: string]: string;
            };
        };
        ChangeServerDto: {
            /** Format: uuid */
            readonly id?: string;
            name?: string;
            readonly slug?: string;
            description?: string | null;
            /** @description Replaces the instructions of the upstreams, which are served otherwise; an empty text means none */
            instructions?: string | null;
            /** @description Words by which people find it */
            tags?: string[];
            /** @description Items one by one, with the name and description that clients see */
            items?: components["schemas"]["ItemPickDto"][];
            /** @description All items that a rule matches, besides `items` */
            include?: components["schemas"]["IncludeRuleDto"][];
            /** @description Who may call: callers with a key, anyone, or callers with a token of this issuer; "key" unless it was ever given */
            access?: ("key" | "open") | {
                /** @enum {string} */
                kind: "jwt";
                /** Format: uri */
                issuer: string;
                audience: string;
                jwksUri: string;
                algorithms: ("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA" | "Ed25519")[];
                /** @description Where tokens have the roles of callers */
                roles?: {
                    /** @description A claim, or a path with dots; a text with spaces or an array of texts */
                    claim: string;
                    /** @description Value -> role; others are none */
                    map?: {
                        [key: string]: string;
                    };
                };
            };
            /** @description A server that is switched off answers every caller with 503 and keeps all its settings; true unless it was ever given */
            enabled?: boolean;
            /**
             * @description How a tool call is answered whose credential is missing, unusable or rejected by the upstream: `result` is a tool result with `isError`, which a model can read; `error` a JSON-RPC error. Virtual servers created while `error` was the default keep it; "result" unless it was ever given
             * @enum {string}
             */
            missingCredential?: "error" | "result";
            /**
             * @description How a caller's own credential that is missing or rejected is told: `error` with HTTP status 200; `http` with 401 or 403 as the upstream said, `WWW-Authenticate: Lethe-Upstream` and a JSON-RPC error, also for tools: for clients that get their headers from a program and then run it again. Other clients take it for a request to sign in; "error" unless it was ever given
             * @enum {string}
             */
            rejectedCredential?: "error" | "http";
            /**
             * @description Protocol eras that are served. `auto` refuses `server/discover` while an open gateway speaks the legacy era alone and keeps sessions, so that clients fall back to `initialize`; `both` always answers it; `legacy` refuses every modern request; "auto" unless it was ever given
             * @enum {string}
             */
            eras?: "auto" | "both" | "legacy";
            /** @description Longest name that is made for a tool or prompt, for clients that put a prefix before it and cut it off; names that are assigned already stay; 64 unless it was ever given */
            maxNameLength?: number;
            /** @description Who may see and use what; what no grant allows does not exist for a caller. Null: everybody everything */
            grants?: components["schemas"]["GrantDto"][] | null;
            /** @description Null: no limits */
            limits?: components["schemas"]["ServerLimitsDto"] | null;
            /** @description Whose credential calls have, for gateways where it is not that of callers alone. Null: nowhere */
            credentials?: components["schemas"]["CredentialUseDto"][] | null;
            /** @description Maps a header of upstreams to the gateway (id or slug) that gets it when clients send its short form */
            shortForm?: {
                [key: string]: string;
            };
            /** @description Path of its endpoint on every proxy */
            readonly path?: string;
            /** @description Slugs of the gateways that it has now, by name or by a tag */
            readonly gateways?: string[];
            readonly exposed?: components["schemas"]["ExposedView"][];
            readonly leftOut?: components["schemas"]["LeftOutView"][];
            /** @description Items that it would serve, but that their upstreams no longer list */
            readonly lost?: components["schemas"]["LostView"][];
            readonly warnings?: components["schemas"]["WarningView"][];
            readonly curationWarnings?: components["schemas"]["CurationWarningView"][];
            /** @description Of the manifest that proxies serve */
            readonly revision?: number;
            /** Format: date-time */
            readonly createdAt?: string;
            /** Format: date-time */
            readonly updatedAt?: string;
        };
        ItemRefDto: {
            /** @description Id or slug */
            gateway: string;
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The upstream's own name, URI or URI template */
            name: string;
        };
        ItemChangeDto: {
            /** @description Id or slug */
            gateway: string;
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The upstream's own name, URI or URI template */
            name: string;
            /** @description The name that clients see; only for tools and prompts */
            as?: string | null;
            /** @description Instead of what the upstream says */
            description?: string | null;
            /** @description `false` leaves it out */
            enabled?: boolean | null;
            /** @description For grants with `readOnly` */
            readOnly?: boolean | null;
            /** @description Instead of those that its gateway gives it */
            tags?: string[] | null;
        };
        ChangeItemsDto: {
            /** @description Items that are listed no more; rules of `include` count for them again */
            remove?: components["schemas"]["ItemRefDto"][];
            /** @description Items that are listed, each changed or added at the end */
            items?: components["schemas"]["ItemChangeDto"][];
        };
        IssuedKeyView: {
            /** @description Stands in the key, too: `lethe_key_<id>_<secret>` */
            id: string;
            name: string;
            /** @enum {string} */
            state: "active" | "expired";
            /** @description Ids of virtual servers, or `*` for all */
            servers: string[] | "*";
            /** @description What grants name */
            roles: string[];
            /** Format: date-time */
            expiresAt: string | null;
            /** @description Id of the key whose place this one took, by a rotation */
            replaces: string | null;
            /** @description Id of the key that takes the place of this one */
            replacedBy: string | null;
            /**
             * Format: date-time
             * @description Exact to two minutes; null: never
             */
            lastUsedAt: string | null;
            /** @description Id of the virtual server that it was used for then */
            lastServerId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Shown this once */
            key: string;
        };
        IssueKeyDto: {
            name: string;
            /** @description Ids or slugs of virtual servers, or `*` for all */
            servers: string[] | "*";
            /** @description What the grants of virtual servers name; `*` is no role, because every caller has it */
            roles?: string[];
            /**
             * Format: date-time
             * @description In the future
             */
            expiresAt?: string;
        };
        KeyView: {
            /** @description Stands in the key, too: `lethe_key_<id>_<secret>` */
            id: string;
            name: string;
            /** @enum {string} */
            state: "active" | "expired";
            /** @description Ids of virtual servers, or `*` for all */
            servers: string[] | "*";
            /** @description What grants name */
            roles: string[];
            /** Format: date-time */
            expiresAt: string | null;
            /** @description Id of the key whose place this one took, by a rotation */
            replaces: string | null;
            /** @description Id of the key that takes the place of this one */
            replacedBy: string | null;
            /**
             * Format: date-time
             * @description Exact to two minutes; null: never
             */
            lastUsedAt: string | null;
            /** @description Id of the virtual server that it was used for then */
            lastServerId: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        ChangeKeyDto: {
            /** @description Stands in the key, too: `lethe_key_<id>_<secret>` */
            readonly id?: string;
            name?: string;
            /** @enum {string} */
            readonly state?: "active" | "expired";
            /** @description Ids of virtual servers, or `*` for all */
            readonly servers?: string[] | "*";
            /** @description What the grants of virtual servers name; `*` is no role, because every caller has it. Keys that one was rotated from, or to, get them too */
            roles?: string[];
            /**
             * Format: date-time
             * @description In the future, and not after the expiry that the key was made with; null for that one
             */
            expiresAt?: string | null;
            /** @description Id of the key whose place this one took, by a rotation */
            readonly replaces?: string | null;
            /** @description Id of the key that takes the place of this one */
            readonly replacedBy?: string | null;
            /**
             * Format: date-time
             * @description Exact to two minutes; null: never
             */
            readonly lastUsedAt?: string | null;
            /** @description Id of the virtual server that it was used for then */
            readonly lastServerId?: string | null;
            /** Format: date-time */
            readonly createdAt?: string;
        };
        RotateKeyDto: {
            /** @description How long the old key stays valid; 86400 unless it is given, 0 revokes it at once */
            overlapSeconds?: number;
            /**
             * Format: date-time
             * @description Of the new key, in the future; null for none. Without it, the new one lives as long as the old one was made for
             */
            expiresAt?: string | null;
        };
        PublicJwkView: {
            /** @enum {string} */
            kty: "OKP";
            /** @enum {string} */
            crv: "Ed25519";
            x: string;
        };
        LiveConnectorView: {
            id: string;
            freeSlots: number;
            lentSlots: number;
            /** Format: date-time */
            seenAt: string;
        };
        ConnectorIdentityView: {
            kid: string;
            /** @description JWK thumbprint (RFC 7638): what people compare and pin */
            fingerprint: string;
            jwk: components["schemas"]["PublicJwkView"];
            /** @enum {string} */
            state: "active" | "retired";
            /** Format: date-time */
            retiredAt?: string;
            connectors: components["schemas"]["LiveConnectorView"][];
        };
        VariableView: {
            name: string;
            /** @description What it has to hold, in words */
            holds: string;
        };
        ConfigurationView: {
            /** @enum {string} */
            client: "claude-code" | "codex" | "gemini-cli" | "qwen-code" | "copilot" | "opencode" | "continue" | "cline" | "vscode" | "cursor" | "zed" | "mcp-remote" | "mcporter" | "mcpc" | "inspector";
            name: string;
            /** @description Where its configuration belongs */
            file: string;
            /** @enum {string} */
            format: "json" | "yaml" | "toml" | "sh";
            /** @enum {string} */
            way: "headers" | "bridge" | "helper";
            /** @description The part of the file that names this virtual server */
            content: string;
            /** @description A shell command that writes the same */
            command?: string;
            /** @description An address that the client opens to add this virtual server, after it has asked: `vscode:` or `cursor:`. Absent for clients without one, and where the URL of the proxies is not known */
            link?: string;
            variables: components["schemas"]["VariableView"][];
            /** @description What to know, above all what the client can not keep out of its file */
            notes: string[];
        };
        KnownClientView: {
            /** @enum {string} */
            client: "claude-code" | "codex" | "gemini-cli" | "qwen-code" | "copilot" | "opencode" | "continue" | "cline" | "vscode" | "cursor" | "zed" | "mcp-remote" | "mcporter" | "mcpc" | "inspector";
            name: string;
            /** @description Where its configuration belongs */
            file: string;
            /** @enum {string} */
            format: "json" | "yaml" | "toml" | "sh";
            ways: ("headers" | "bridge" | "helper")[];
        };
        ClientsView: {
            items: components["schemas"]["KnownClientView"][];
        };
        ExplainedItem: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The name or URI that clients use */
            exposed: string;
            /** @description The upstream's own name or URI */
            own: string;
            /**
             * @description How it is found: a resource in no list by a template, or by the only gateway with resources
             * @enum {string}
             */
            by: "name" | "template" | "only_gateway";
        };
        ExplainedGateway: {
            slug: string;
            name: string;
            /** @description Scheme, host and port of the upstream */
            origin: string;
        };
        ReasonView: {
            /** @enum {string} */
            code: "server_off" | "item_unknown" | "item_off" | "item_gone" | "name_clash" | "uri_clash" | "header_clash" | "gateway_off" | "gateway_unverified" | "gateway_waits_for_review" | "gateway_deleted" | "gateway_tampered" | "too_many_gateways" | "too_many_sessionful" | "session_token_too_large" | "key_unknown" | "key_revoked" | "key_expired" | "key_of_another_server" | "key_instead_of_token" | "kept_not_granted" | "kept_unusable" | "not_granted";
            /** @description What it means, and what to do */
            text: string;
        };
        AdmissionView: {
            /** @enum {string} */
            header: "Authorization";
            /** @enum {string} */
            scheme: "bearer";
            /**
             * @description A key of Lethe, or an access token of the issuer
             * @enum {string}
             */
            holds: "key" | "token";
        };
        DestinationView: {
            /** @description Header of the upstream */
            header?: string;
            /** @description Query parameter of the upstream */
            query?: string;
        };
        ExplainedHeader: {
            /** @description Always valid */
            exact: string;
            /** @description Valid too, while the gateway owns it */
            short?: string;
            /**
             * @description What the value has to begin with
             * @enum {string}
             */
            scheme?: "bearer" | "basic" | "dpop";
            /** @description Without it the call is refused with credential_required */
            required: boolean;
            /** @description Slug of the gateway */
            gateway: string;
            /** @description The only origin that gets the value */
            origin: string;
            to: components["schemas"]["DestinationView"];
        };
        ExplainedKept: {
            /** @enum {string} */
            use: "callers" | "callers-then-kept" | "kept";
            /** @description Whether a grant lets this caller use it for the item */
            isGranted: boolean;
            /** @description Position of that grant */
            grant?: number;
            /**
             * @description `none`: nothing is kept, so `kept` refuses every call
             * @enum {string}
             */
            state: "usable" | "ended" | "other_configuration" | "tampered" | "none";
            /** Format: date-time */
            until: string | null;
            /** @description Who asked for it to be kept */
            by?: components["schemas"]["ActorView"];
        };
        ServingProxyView: {
            host: string;
            /** @description Null while the proxy has not said it */
            revision: number | null;
            isCurrent: boolean;
            /** @description Whether it uses kept credentials: LETHE_KEPT_CREDENTIALS */
            opensKept: boolean;
        };
        ExplanationView: {
            item: components["schemas"]["ExplainedItem"] | null;
            gateway: components["schemas"]["ExplainedGateway"] | null;
            allowed: boolean;
            /** @description Why not; empty if it is allowed */
            reasons: components["schemas"]["ReasonView"][];
            /** @description The exposed name that was probably meant */
            nearest?: string;
            /** @description How the caller identifies itself to Lethe */
            admission: components["schemas"]["AdmissionView"] | null;
            /** @description What the caller sends for the upstream */
            headers: components["schemas"]["ExplainedHeader"][];
            /** @description The credential that is kept for the gateway; null if the virtual server uses none */
            kept: components["schemas"]["ExplainedKept"] | null;
            /** @description Revision of the published virtual server */
            revision: number;
            /** @description Live proxies, one for each worker */
            proxies: components["schemas"]["ServingProxyView"][];
        };
        ExplainDto: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The exposed name of a tool or prompt; either this or `uri` */
            name?: string;
            /** @description The URI of a resource, or a template */
            uri?: string;
            /** @description The public id of the caller's key, not the key */
            key?: string;
            /** @description Roles of a caller, in the place of a key */
            roles?: string[];
        };
        EventActorView: {
            /** @enum {string} */
            kind: "administrator" | "oidc" | "registry" | "service";
            id: string;
        };
        EventTargetView: {
            /** @enum {string} */
            kind: "administrator" | "gateway" | "key" | "server" | "verification";
            id: string;
            /** @description Of a verification, that of its gateway */
            slug: string | null;
        };
        EventView: {
            /** @description `seq` in the audit log */
            id: number;
            /** @enum {string} */
            type: "gateway.registered" | "gateway.changed" | "gateway.verified" | "gateway.credential_kept" | "gateway.credential_forgotten" | "gateway.deleted" | "verification.begun" | "verification.awaiting_credential" | "verification.running" | "verification.verified" | "verification.held" | "verification.reviewed" | "verification.failed" | "verification.lost" | "verification.expired" | "verification.cancelled" | "verification.changed" | "verification.deleted" | "server.created" | "server.changed" | "server.deleted" | "key.issued" | "key.changed" | "key.rotated" | "key.revoked" | "administrator.created" | "administrator.changed" | "administrator.rotated" | "administrator.deleted";
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["EventActorView"];
            target: components["schemas"]["EventTargetView"];
            /**
             * Format: uuid
             * @description Of a verification
             */
            gatewayId?: string;
            /** @description Of a verification */
            attempt?: number;
            /** @description Of the configuration of a gateway or a verification */
            revision?: number;
            /** @description Of a gateway or a verification */
            state?: string;
            /** @description Why a verification failed */
            code?: string;
            /**
             * Format: date-time
             * @description When a kept credential ends
             */
            until?: string;
        };
        SizedGatewayView: {
            /** @description UTF-8 bytes of its JSON */
            bytes: number;
            /** @description About: bytes / 4 */
            estimatedTokens: number;
            /** @description Slug */
            gateway: string;
            /** @description How many */
            items: number;
        };
        SizedItemView: {
            /** @description UTF-8 bytes of its JSON */
            bytes: number;
            /** @description About: bytes / 4 */
            estimatedTokens: number;
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            exposed: string;
            /** @description Slug */
            gateway: string;
            own: string;
            tags: string[];
        };
        ServerSizeView: {
            /** @description UTF-8 bytes of its JSON */
            bytes: number;
            /** @description About: bytes / 4 */
            estimatedTokens: number;
            /**
             * @description What was measured
             * @enum {string}
             */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description How many */
            total: number;
            /** @description A virtual server whose tools are longer has a warning */
            limitTokens: number;
            /** @description Largest first */
            gateways: components["schemas"]["SizedGatewayView"][];
            /** @description Largest first, one page */
            items: components["schemas"]["SizedItemView"][];
            /** @description Absent on the last page */
            nextCursor?: string;
        };
        SettingView: {
            /** @description Its environment variable */
            name: string;
            /** @description Settings of one group belong together, such as `addresses` */
            group: string;
            description: string;
            /** @description What is in force, as text; null if it is a secret, or if nothing is set and there is no default */
            value: string | null;
            /** @description Null if there is none, or if it follows from others */
            default: string | null;
            /** @description Whether its environment variable is set */
            isSet: boolean;
            /** @description Whether the default is in force */
            isDefault: boolean;
            /** @description Whether it may contain or lead to a credential, so that its value is never shown */
            isSecret: boolean;
        };
        SettingsView: {
            /** @description In the order of `.env.example` */
            items: components["schemas"]["SettingView"][];
        };
        ConnectorsView: {
            /** @description Connectors that announced themselves within the last minute */
            live: number;
            freeSlots: number;
            lentSlots: number;
        };
        ProxyView: {
            /** @description Name of its host */
            host: string;
            /** Format: date-time */
            seenAt: string;
            /** @description The newest revision when its routes were last compared and found to be current; null before that */
            confirmedRevision: number | null;
            /** @description Whether it opens kept credentials: LETHE_KEPT_CREDENTIALS */
            opensKept: boolean;
        };
        StatusView: {
            version: string;
            /**
             * Format: date-time
             * @description The clock of the registry
             */
            at: string;
            /** @description Where clients reach the proxies: LETHE_PUBLIC_URL */
            publicUrl: string | null;
            /** @description Where a page of this registry reaches the proxies: `publicUrl`; without it, where one process is all of Lethe, its proxy by the loopback name of this request; null if neither is known */
            proxyUrl: string | null;
            /** @description Whether this registry serves the console, at /console/ */
            hasConsole: boolean;
            /** @description Whether every check holds, as /readyz says */
            isReady: boolean;
            checks: {
                [key: string]: boolean;
            };
            /** @description The newest published revision */
            revision: number;
            connectors: components["schemas"]["ConnectorsView"];
            /** @description Live proxies, one for each worker */
            proxies: components["schemas"]["ProxyView"][];
        };
        GatewayCountsView: {
            total: number;
            /** @description A verification was applied */
            verified: number;
            unverified: number;
            /** @description Switched off */
            off: number;
            /** @description Changes wait for a review */
            pending: number;
            /** @description Proxies saw that their items may have changed */
            suspected: number;
        };
        ServerCountsView: {
            total: number;
            /** @description Switched on, and with at least one gateway */
            published: number;
        };
        EndingKeyView: {
            id: string;
            name: string;
            /** Format: date-time */
            endsAt: string;
        };
        KeyCountsView: {
            active: number;
            /** @description How many end within 30 days */
            endingCount: number;
            /** @description Those of them that end first, at most 20 */
            ending: components["schemas"]["EndingKeyView"][];
        };
        EndingKeptView: {
            /** @description Slug of the gateway */
            gateway: string;
            /**
             * Format: date-time
             * @description Proxies refuse it from then on
             */
            endsAt: string;
        };
        KeptCountsView: {
            usable: number;
            /** @description How many end within 30 days */
            endingCount: number;
            /** @description Those of them that end first, at most 20 */
            ending: components["schemas"]["EndingKeptView"][];
        };
        OverviewView: {
            gateways: components["schemas"]["GatewayCountsView"];
            servers: components["schemas"]["ServerCountsView"];
            keys: components["schemas"]["KeyCountsView"];
            kept: components["schemas"]["KeptCountsView"];
            /** @description Whether a call to an upstream was ever seen to succeed, or a key to be used */
            wasCalled: boolean;
        };
        ActivityPointView: {
            /**
             * Format: date-time
             * @description Its beginning
             */
            at: string;
            /** @description Messages of MCP clients that ended: calls, and others such as `initialize` */
            calls: number;
            /** @description Those with an outcome other than `ok` and `client_gone` */
            errors: number;
        };
        OutcomeCountView: {
            /** @description `ok`, `client_gone` (also cancelled), or the code of an error */
            outcome: string;
            calls: number;
        };
        MethodCountView: {
            /** @example tools/call */
            method: string;
            calls: number;
            /** @description Those with an outcome other than `ok` and `client_gone` */
            errors: number;
            /** @description Until the complete response was sent, the mean of all, in milliseconds */
            meanMs: number;
        };
        SlugCountView: {
            /** @description It may be deleted; `(other)` stands for those that are not counted apart */
            slug: string;
            calls: number;
            /** @description Those with an outcome other than `ok` and `client_gone` */
            errors: number;
            /** @description Until the complete response was sent, the mean of all, in milliseconds */
            meanMs: number;
        };
        LimitedCountView: {
            /** @description `caller`, `tools`, `concurrent`, `gateway_concurrent` or `gateway_circuit` */
            limit: string;
            gateway: string;
            server: string;
            calls: number;
        };
        OpenStreamsView: {
            /** @description `session`, `listen` or `resumed_call` */
            kind: string;
            open: number;
        };
        ActivityView: {
            /**
             * Format: date-time
             * @description The beginning of the first point
             */
            from: string;
            /**
             * Format: date-time
             * @description The end of the last point, which is still being counted
             */
            to: string;
            /** @description How long a point counts */
            stepSeconds: number;
            /** @description In their order, also those without a call */
            points: components["schemas"]["ActivityPointView"][];
            outcomes: components["schemas"]["OutcomeCountView"][];
            methods: components["schemas"]["MethodCountView"][];
            servers: components["schemas"]["SlugCountView"][];
            /** @description Without messages that no gateway got */
            gateways: components["schemas"]["SlugCountView"][];
            limited: components["schemas"]["LimitedCountView"][];
            /** @description Open now at all proxies, whatever is filtered */
            streams: components["schemas"]["OpenStreamsView"][];
        };
        CallView: {
            /** @description Tells it apart from others */
            id: number;
            /**
             * Format: date-time
             * @description When it ended
             */
            at: string;
            /** @description Slug of the virtual server */
            server: string;
            /** @description Slug of the gateway; null if none got it */
            gateway: string | null;
            /** @example tools/call */
            method: string;
            /** @description Exposed name of the tool or prompt */
            item: string | null;
            /** @description `key:<id>`, `jwt:<iss>#<sub>`, or `open` */
            caller: string;
            /** @description Id of the caller's key */
            key: string | null;
            /** @description What the client calls itself */
            client: string | null;
            /** @description `ok`, `client_gone` (also cancelled), or the code of an error */
            outcome: string;
            /** @description The limit that has refused it */
            limit: string | null;
            /** @description Until the complete response was sent */
            durationMs: number;
        };
        ProbedEraView: {
            /** @enum {string} */
            era: "legacy" | "modern";
            protocolVersions: string[];
            /** @description Whether it keeps sessions */
            sessionful?: boolean;
        };
        ChallengeView: {
            /** @description Registered authentication schemes */
            schemes: string[];
            realm?: string;
            scope?: string;
            resourceMetadata?: string;
        };
        TlsView: {
            protocol: string;
            /** @description Common name of the certificate's issuer */
            issuer: string;
            /** Format: date-time */
            expiresAt: string;
        };
        AuthorizationServerView: {
            issuer: string;
            /** @description Its document was read, and names exactly this issuer */
            isConfirmed: boolean;
            /** @description How a client becomes known there without help */
            registration?: ("metadata_document" | "dynamic")[];
            /**
             * @description It has the device flow (RFC 8628)
             * @enum {boolean}
             */
            device?: true;
            /**
             * @description It binds tokens to a key (RFC 9449)
             * @enum {boolean}
             */
            dpop?: true;
            authorizationEndpoint?: string;
            tokenEndpoint?: string;
            registrationEndpoint?: string;
            pkce?: string[];
            grantTypes?: string[];
            scopes?: string[];
        };
        AuthorizationView: {
            /** @description Where its protected resource metadata (RFC 9728) is */
            resourceMetadata?: string;
            resource?: string;
            scopes?: string[];
            servers: components["schemas"]["AuthorizationServerView"][];
        };
        ProbeView: {
            url: string;
            /** @enum {string} */
            outcome: "open" | "credential_required" | "redirected" | "not_mcp" | "unreachable";
            /** @description Why it is unreachable */
            why?: string;
            httpStatus?: number;
            eras: components["schemas"]["ProbedEraView"][];
            /** @enum {string} */
            transport?: "streamable-http" | "sse";
            serverName?: string;
            challenge?: components["schemas"]["ChallengeView"];
            tls?: components["schemas"]["TlsView"];
            /** @description Redirects are not followed */
            redirectsTo?: string;
            /** @description The URL to register instead, if that is certainly the same server */
            registerUrl?: string;
            authorization?: components["schemas"]["AuthorizationView"];
            requests: number;
            durationMs: number;
        };
        ProbeDto: {
            /** @description A URL that may be registered */
            url: string;
            /**
             * @description "auto" unless it was ever given
             * @enum {string}
             */
            transport?: "auto" | "streamable-http" | "sse";
        };
        PlanCountsView: {
            create: number;
            change: number;
            delete: number;
            unchanged: number;
            problems: number;
        };
        FieldChangeView: {
            field: string;
            /** @description Absent if there is none */
            before?: unknown;
            /** @description Absent if there is none */
            after?: unknown;
        };
        ProblemView: {
            code: string;
            title: string;
            /** @description As the members of that error */
            detail?: {
                [key: string]: unknown;
            };
        };
        PlannedObjectView: {
            /** @enum {string} */
            kind: "gateway" | "server";
            slug: string;
            /** @enum {string} */
            action: "create" | "change" | "delete" | "unchanged";
            /** @description With `change` */
            changes?: components["schemas"]["FieldChangeView"][];
            /** @description The command without which the gateway, or its new configuration, does not serve */
            verify?: string;
            /** @description The command that keeps the credential that the document says is kept, and that no document has */
            keep?: string;
            /**
             * @description Why the catalogue of the document does not serve
             * @enum {string}
             */
            catalogue?: "receipt_untrusted" | "catalogue_changed" | "receipt_older" | "other_gateway" | "other_configuration";
            problem?: components["schemas"]["ProblemView"];
        };
        PlanView: {
            /** @description Whether it was done */
            applied: boolean;
            /** @description The same for the same plan: send it as `If-Match`, and only this plan is carried out */
            planDigest: string;
            counts: components["schemas"]["PlanCountsView"];
            /** @description All gateways, then all virtual servers, by slug */
            objects: components["schemas"]["PlannedObjectView"][];
        };
        CatalogueDto: {
            /** @description The connector's receipt, a compact JWS */
            receipt: string;
            /** @description `tlsCa` of the configuration that was verified */
            tlsCa?: string;
            /** @description JSON: what the upstream said of itself, and counts and warnings of the verification */
            found: string;
            /** @description One line of JSON for each item, as it is served */
            items: string;
            /** @description Authentication code of the registry over all of that */
            seal: string;
        };
        ImportGatewayDto: {
            name: string;
            /** @example https://mcp.example.com/mcp */
            url: string;
            /**
             * @description "auto" unless it was ever given
             * @enum {string}
             */
            transport?: "auto" | "streamable-http" | "sse";
            description?: string | null;
            /** @description Words by which people find it, and by which virtual servers include it (`gatewayTags`) */
            tags?: string[];
            /** @description Tags of its items, by which people find them and virtual servers include them (`tags`). An item has those of all entries that match it; a verification changes none */
            itemTags?: components["schemas"]["ItemTagsDto"][];
            /** @description Headers of callers for this upstream; `[{ "header": "Authorization" }]` when absent */
            passthroughHeaders?: components["schemas"]["MappingDto"][];
            /**
             * @description Whether lists are what was verified, or asked of the upstream each time; "catalogue" unless it was ever given
             * @enum {string}
             */
            listing?: "catalogue" | "live";
            /**
             * @description Whether what a later verification finds is served at once, or waits for `apply`; "auto" unless it was ever given
             * @enum {string}
             */
            drift?: "auto" | "review";
            /** @description PEM certificate authorities for this upstream only */
            tlsCa?: string | null;
            /** @description true unless it was ever given */
            enabled?: boolean;
            /** @description Whether grants with `readOnly` and rules with `annotations` believe what its tools say about themselves, such as `readOnlyHint`; false unless it was ever given */
            trustHints?: boolean;
            /** @description Null: no limit, and the default breaker */
            limits?: components["schemas"]["GatewayLimitsDto"] | null;
            /** @description The client by which people log in for it; null: each registers their own. It needs no verification, and is not used before a verification has found its issuer */
            oauthClient?: components["schemas"]["OAuthClientDto"] | null;
            /** @description Which gateway it is */
            slug: string;
            /** @description Serves at once, if this registry can check it */
            catalogue?: components["schemas"]["CatalogueDto"];
            /**
             * @description `kept`: the plan says so if none is kept here. None is in a document
             * @enum {string}
             */
            credential?: "once" | "kept";
        };
        NameDto: {
            /** @enum {string} */
            kind: "tool" | "resource" | "resourceTemplate" | "prompt";
            /** @description The name or URI that clients see */
            exposed: string;
            /** @description Slug */
            gateway: string;
            /** @description The upstream's own name of it */
            own: string;
            /** @description An administrator chose it with `as` */
            chosen?: true;
        };
        ImportServerDto: {
            name: string;
            description?: string | null;
            /** @description Replaces the instructions of the upstreams, which are served otherwise; an empty text means none */
            instructions?: string | null;
            /** @description Words by which people find it */
            tags?: string[];
            /** @description Items one by one, with the name and description that clients see */
            items?: components["schemas"]["ItemPickDto"][];
            /** @description All items that a rule matches, besides `items` */
            include?: components["schemas"]["IncludeRuleDto"][];
            /** @description Who may call: callers with a key, anyone, or callers with a token of this issuer; "key" unless it was ever given */
            access?: ("key" | "open") | {
                /** @enum {string} */
                kind: "jwt";
                /** Format: uri */
                issuer: string;
                audience: string;
                jwksUri: string;
                algorithms: ("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA" | "Ed25519")[];
                /** @description Where tokens have the roles of callers */
                roles?: {
                    /** @description A claim, or a path with dots; a text with spaces or an array of texts */
                    claim: string;
                    /** @description Value -> role; others are none */
                    map?: {
                        [key: string]: string;
                    };
                };
            };
            /** @description A server that is switched off answers every caller with 503 and keeps all its settings; true unless it was ever given */
            enabled?: boolean;
            /**
             * @description How a tool call is answered whose credential is missing, unusable or rejected by the upstream: `result` is a tool result with `isError`, which a model can read; `error` a JSON-RPC error. Virtual servers created while `error` was the default keep it; "result" unless it was ever given
             * @enum {string}
             */
            missingCredential?: "error" | "result";
            /**
             * @description How a caller's own credential that is missing or rejected is told: `error` with HTTP status 200; `http` with 401 or 403 as the upstream said, `WWW-Authenticate: Lethe-Upstream` and a JSON-RPC error, also for tools: for clients that get their headers from a program and then run it again. Other clients take it for a request to sign in; "error" unless it was ever given
             * @enum {string}
             */
            rejectedCredential?: "error" | "http";
            /**
             * @description Protocol eras that are served. `auto` refuses `server/discover` while an open gateway speaks the legacy era alone and keeps sessions, so that clients fall back to `initialize`; `both` always answers it; `legacy` refuses every modern request; "auto" unless it was ever given
             * @enum {string}
             */
            eras?: "auto" | "both" | "legacy";
            /** @description Longest name that is made for a tool or prompt, for clients that put a prefix before it and cut it off; names that are assigned already stay; 64 unless it was ever given */
            maxNameLength?: number;
            /** @description Who may see and use what; what no grant allows does not exist for a caller. Null: everybody everything */
            grants?: components["schemas"]["GrantDto"][] | null;
            /** @description Null: no limits */
            limits?: components["schemas"]["ServerLimitsDto"] | null;
            /** @description Whose credential calls have, for gateways where it is not that of callers alone. Null: nowhere */
            credentials?: components["schemas"]["CredentialUseDto"][] | null;
            /** @description Maps a header of upstreams to the gateway (id or slug) that gets it when clients send its short form */
            shortForm?: {
                [key: string]: string;
            };
            /** @description Which virtual server it is */
            slug: string;
            /** @description Names that belong to items, besides those that would be given anyway. None is ever taken away */
            names?: components["schemas"]["NameDto"][];
        };
        ImportDto: {
            /**
             * @description The form of the document
             * @enum {string}
             */
            apiVersion: "lethe/v1";
            gateways?: components["schemas"]["ImportGatewayDto"][];
            servers?: components["schemas"]["ImportServerDto"][];
        };
        OidcSignInView: {
            /** @description The issuer: LETHE_ADMIN_OIDC_ISSUER */
            issuer: string;
            /** @description Public client of the issuer: LETHE_CONSOLE_OIDC_CLIENT_ID */
            clientId: string;
            /** @description Scopes, separated by spaces: LETHE_CONSOLE_OIDC_SCOPE */
            scope: string;
            /** @description Where the browser is sent; null, like the next one, while the issuer can not be reached */
            authorizationEndpoint: string | null;
            /** @description Where the page exchanges the code */
            tokenEndpoint: string | null;
            /** @description Whether the answer of the issuer names it, so that one without `iss` is refused (RFC 9207) */
            namesIssuer: boolean;
            /** @description Algorithms with which the issuer may sign ID tokens */
            idTokenAlgorithms: string[];
        };
        SignInView: {
            /** @description Null without LETHE_CONSOLE_OIDC_CLIENT_ID */
            oidc: components["schemas"]["OidcSignInView"] | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    whoami: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoamiView"];
                };
            };
        };
    };
    listAdmins: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AdminView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    createAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAdminDto"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description Path of what was made */
                    Location?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminWithTokenView"];
                };
            };
        };
    };
    getAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminView"];
                };
            };
        };
    };
    removeAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAdminDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminView"];
                };
            };
        };
    };
    rotateAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAdminDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminWithTokenView"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description Id or name of who did it */
                actor?: string;
                /** @description `operationId`, or an event */
                operation?: string;
                /** @description Id or slug of what it was done to, or its kind */
                target?: string;
                /** @description The first time */
                from?: string;
                /** @description The time before which the last entry was */
                to?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntryView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    exportAudit: {
        parameters: {
            query?: {
                /** @description The first time */
                from?: string;
                /** @description The time before which the last entry was */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    verifyAudit: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerificationView"];
                };
            };
        };
    };
    listGateways: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description `createdAt` unless it is given; with `-` the other way */
                sort?: "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt" | "name" | "-name" | "slug" | "-slug";
                /** @description Whether a verification of it was ever applied */
                state?: "unverified" | "verified";
                /** @description Whether it is switched on */
                enabled?: "true" | "false";
                /** @description `pending`: changes wait for a review; `suspected`: proxies saw that its items may have changed; `rejected`: changes of the newest result were rejected */
                drift?: "pending" | "suspected" | "rejected";
                /** @description One of its tags */
                tag?: string;
                /** @description A part of its name or slug */
                q?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["GatewayView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    registerGateway: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterGatewayDto"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description Path of what was made */
                    Location?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayView"];
                };
            };
        };
    };
    getGateway: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayView"];
                };
            };
        };
    };
    deleteGateway: {
        parameters: {
            query?: {
                /** @description `true` deletes it although virtual servers have it; they lose its items */
                force?: "true" | "false";
            };
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeGateway: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeGatewayDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayView"];
                };
            };
        };
    };
    getKeptCredential: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptCredentialView"];
                };
            };
        };
    };
    keepCredential: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/jose": string;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayView"];
                };
            };
        };
    };
    forgetCredential: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedCredentialView"];
                };
            };
        };
    };
    listVerifications: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description `-attempt` unless it is given: newest first */
                sort?: "attempt" | "-attempt";
                /** @description Those in this state */
                state?: "awaiting_credential" | "running" | "verified" | "failed" | "lost" | "expired" | "cancelled";
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["VerificationView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    beginVerification: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the answer comes when the verification has ended, or then */
                Prefer?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["BeginVerificationDto"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description Path of what was made */
                    Location?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
        };
    };
    getVerification: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the answer comes when the verification has ended, or then */
                Prefer?: string;
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
                /** @description Id of a verification */
                vid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
        };
    };
    sendCredential: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the answer comes when the verification has ended, or then */
                Prefer?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
                /** @description Id of a verification */
                vid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/jose": string;
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
        };
    };
    listPendingItems: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
                /** @description Id of a verification */
                vid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ItemView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    cancelVerification: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
                /** @description Id of a verification */
                vid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
        };
    };
    listAllVerifications: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description `-createdAt` unless it is given: newest first */
                sort?: "createdAt" | "-createdAt";
                /** @description Those in this state */
                state?: "awaiting_credential" | "running" | "verified" | "failed" | "lost" | "expired" | "cancelled";
                /** @description Id or slug */
                gateway?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["VerificationView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    getVerificationDiff: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description Only changes of this status */
                status?: "served" | "pending" | "applied" | "rejected" | "superseded";
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
                /** @description Id of a verification */
                vid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiffView"];
                };
            };
        };
    };
    applyVerification: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
                /** @description Id of a verification */
                vid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReviewDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
        };
    };
    rejectVerification: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
                /** @description Id of a verification */
                vid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReviewDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
        };
    };
    listTools: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ItemView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    listResources: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ItemView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    listResourceTemplates: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ItemView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    listPrompts: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ItemView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    findItems: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description Words of names, titles and descriptions, or beginnings of words; all must be there. The best match comes first; without it, all items by their names */
                q?: string;
                /** @description Items of this kind */
                kind?: "tool" | "resource" | "resourceTemplate" | "prompt";
                /** @description Id or slug */
                gateway?: string;
                /** @description A tag of the item or of its gateway */
                tag?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FoundItemView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    listServers: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description `createdAt` unless it is given; with `-` the other way */
                sort?: "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt" | "name" | "-name" | "slug" | "-slug";
                /** @description Id or slug of a gateway of which it may serve items */
                gateway?: string;
                /** @description Whether it is switched on */
                enabled?: "true" | "false";
                /** @description One of its tags */
                tag?: string;
                /** @description A part of its name or slug */
                q?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServerView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    createServer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateServerDto"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description Path of what was made */
                    Location?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerView"];
                };
            };
        };
    };
    getServer: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerView"];
                };
            };
        };
    };
    deleteServer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeServer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeServerDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerView"];
                };
            };
        };
    };
    changeServerItems: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeItemsDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerView"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description Only keys in this state */
                state?: "active" | "expired";
                /** @description Only keys with this role */
                role?: string;
                /** @description Only keys for this virtual server, by id or slug; those for all are among them */
                server?: string;
                /** @description Only keys that end before this time, also those that have ended */
                endsBefore?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["KeyView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueKeyDto"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description Path of what was made */
                    Location?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedKeyView"];
                };
            };
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyView"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
                /** @description `ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeKeyDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyView"];
                };
            };
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours */
                "Idempotency-Key"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateKeyDto"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description Path of what was made */
                    Location?: string;
                    /** @description `true` if this is the answer to an earlier request with the same `Idempotency-Key` */
                    "Idempotency-Replayed"?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedKeyView"];
                };
            };
        };
    };
    listConnectors: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ConnectorIdentityView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    configureClient: {
        parameters: {
            query?: {
                /** @description Without it, the clients are listed */
                client?: "claude-code" | "codex" | "gemini-cli" | "qwen-code" | "copilot" | "opencode" | "continue" | "cline" | "vscode" | "cursor" | "zed" | "mcp-remote" | "mcporter" | "mcpc" | "inspector";
                /** @description How the client gets the credentials of its person: from variables and prompts (headers), from lethe bridge, which it starts, or from lethe headers, which it runs (helper) */
                way?: "headers" | "bridge" | "helper";
                /** @description Where clients reach the proxies, for a registry without LETHE_PUBLIC_URL */
                proxyUrl?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationView"] | components["schemas"]["ClientsView"];
                };
            };
        };
    };
    explainCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExplainDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplanationView"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description Id or slug of what they are about, or its kind */
                target?: string;
                /** @description As the header `Last-Event-ID`, for a first request; the header has precedence */
                lastEventId?: string;
            };
            header?: {
                /** @description `id` of the last event that is known */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description `no`: a balancer should pass each event on at once */
                    "X-Accel-Buffering"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    measureServer: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description `tool` unless it is given: what clients give the model with each request */
                kind?: "tool" | "resource" | "resourceTemplate" | "prompt";
                /** @description Only what a caller with this role sees, or with several, with commas between; `*`: a caller without roles. Everything when absent */
                role?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id or slug */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerSizeView"];
                };
            };
        };
    };
    listSettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusView"];
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewView"];
                };
            };
        };
    };
    getActivity: {
        parameters: {
            query?: {
                /** @description How far back: an hour in minutes, or a day in quarters of an hour; `hour` unless it is given */
                window?: "hour" | "day";
                /** @description Slug of a virtual server, also of one that is deleted */
                server?: string;
                /** @description Slug of a gateway, also of one that is deleted */
                gateway?: string;
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityView"];
                };
            };
        };
    };
    listCalls: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Items on a page, at most; 100 unless it is given */
                limit?: number;
                /** @description Slug of a virtual server, also of one that is deleted */
                server?: string;
                /** @description Slug of a gateway, also of one that is deleted */
                gateway?: string;
                /** @description Id of a caller's key */
                key?: string;
                /** @description `ok`, `client_gone`, or the code of an error */
                outcome?: string;
                /** @description `true`: those with an outcome other than `ok`; `false`: those with `ok` */
                failed?: "true" | "false";
            };
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CallView"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    probeUpstream: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProbeDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProbeView"];
                };
            };
        };
    };
    exportDocument: {
        parameters: {
            query?: {
                /** @description Slug: this gateway, and of virtual servers those of `server` */
                gateway?: string;
                /** @description Slug: this virtual server, and of gateways that of `gateway` */
                server?: string;
                /** @description `true` adds the verified catalogues, which a registry with the same trust keys serves at once */
                catalogue?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
        };
    };
    importDocument: {
        parameters: {
            query?: {
                /** @description `true` changes nothing, and says what would be changed */
                dryRun?: "true" | "false";
                /** @description `true` deletes the gateways and virtual servers that the document does not have */
                prune?: "true" | "false";
            };
            header?: {
                /** @description `ETag` or `planDigest` of a dry run, in quotes: the request is refused if its plan is another one (RFC 9110, section 13.1.1) */
                "If-Match"?: string;
                /** @description `wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with `Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies that do not serve it yet */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportDto"];
                "application/yaml": components["schemas"]["ImportDto"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    /** @description `wait=<seconds>` if what was waited for is so */
                    "Preference-Applied"?: string;
                    /** @description Hosts of the proxies that do not serve the change yet, at most 20 */
                    "Lethe-Not-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanView"];
                };
            };
        };
    };
    describeSignIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2) */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
        };
    };
    isAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "alive";
                    };
                };
            };
        };
    };
    isReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready";
                        checks?: {
                            [key: string]: boolean;
                        };
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    describeProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of an error */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it means, and what to do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
