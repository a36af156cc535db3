import { type ModelApi, textOf } from './model-api.js';

interface Part {
  functionResponse?: { id?: string; response?: unknown };
}
interface GenerateRequest {
  tools?: { functionDeclarations?: { name: string }[] }[];
  contents?: { parts?: Part[] }[];
}

/** Google's Gemini API. Results need no id there: they are in the order of the calls. */
export const gemini: ModelApi = {
  path: /:(?:stream)?generateContent$/i,
  read: (given, { path, issued }) => {
    const { tools = [], contents = [] } = given as GenerateRequest;
    const results = contents
      .flatMap(({ parts }) => parts ?? [])
      .flatMap(({ functionResponse }) => (functionResponse ? [functionResponse] : []));
    return {
      tools: tools.flatMap(({ functionDeclarations }) => functionDeclarations ?? []),
      results: results.map(({ response }, index) => ({ id: issued[index] ?? '', text: textOf(response) })),
      isStream: /:stream/.test(path),
    };
  },
  write: (move) => {
    const part =
      'tool' in move ? { functionCall: { name: move.tool.name, args: move.arguments } } : { text: move.text };
    const whole = {
      candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
      modelVersion: 'fake-1',
    };
    return { whole, events: [{ data: whole }] };
  },
};
