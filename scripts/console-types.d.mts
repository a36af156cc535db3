/** @returns the TypeScript file with the types of an OpenAPI document, without those of its errors */
export declare function consoleTypes(document: object): Promise<string>;
