/**
 * What a proxy is started with, by npm and in the image: a young generation that holds the garbage of some thousand calls.
 * V8's own first one holds that of a hundred, and waking its threads to collect it is a tenth of a translated call.
 */
export const PROXY_FLAGS = ['--min-semi-space-size=16'];
