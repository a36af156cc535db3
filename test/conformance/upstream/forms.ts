import type { ElicitRequestFormParams } from '@modelcontextprotocol/server';

/** One free text. */
export const RESPONSE_FORM: ElicitRequestFormParams = {
  mode: 'form',
  message: '',
  requestedSchema: {
    type: 'object',
    properties: { response: { type: 'string', description: "User's response" } },
    required: ['response'],
  },
};

/** A default of every primitive type (SEP-1034). */
export const DEFAULTS_FORM: ElicitRequestFormParams = {
  mode: 'form',
  message: 'Please review and update the form',
  requestedSchema: {
    type: 'object',
    properties: {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    },
    required: [],
  },
};

const titled = (kind: string) =>
  ['First', 'Second', 'Third'].map((nth, at) => ({ const: `value${at + 1}`, title: `${nth} ${kind}` }));

/** The five forms of an enumeration (SEP-1330). */
export const ENUMS_FORM: ElicitRequestFormParams = {
  mode: 'form',
  message: 'Please choose',
  requestedSchema: {
    type: 'object',
    properties: {
      untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      titledSingle: { type: 'string', oneOf: titled('Option') },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
      titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
    },
    required: [],
  },
};
