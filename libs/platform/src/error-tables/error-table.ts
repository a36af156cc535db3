/** HTTP status, JSON-RPC code and fixed message of each code of an error. */
export type ErrorTable = Record<string, { status: number; rpc: number; message: string }>;
