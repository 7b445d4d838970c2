import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { z } from 'zod';
import type { ApiClient } from '../cli/api/api-client.js';
import { ApiProblem, CliError } from '../cli/api/cli-error.js';

/** A tool is one operation of the REST API, in words for a model; permissions and validation are the operation's. */
export interface Tool<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Shape;
  /** Whether it changes nothing; clients may then call it without asking. */
  readonly effect: 'reads' | 'changes';
  readonly call: (api: ApiClient, input: z.infer<z.ZodObject<Shape>>) => Promise<object | null>;
}

/** Puts a tool on a server that works with that client. */
export type Offer = (server: McpServer, api: ApiClient) => void;

/** A refusal of the API becomes the tool's error with its code and sentence, for the model to read. */
export const tool =
  <Shape extends z.ZodRawShape>({ name, title, description, input, effect, call }: Tool<Shape>): Offer =>
  (server, api) => {
    const config = {
      title,
      description,
      inputSchema: input as z.ZodRawShape,
      annotations: { readOnlyHint: effect === 'reads' },
    };
    server.registerTool(name, config, async (given: unknown): Promise<CallToolResult> => {
      try {
        // The SDK has validated it against the same shape.
        return answer(await call(api, given as z.infer<z.ZodObject<Shape>>));
      } catch (error) {
        return refusal(error);
      }
    });
  };

const answer = (value: object | null): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(value ?? { done: true }) }],
});

/** @throws what is no refusal: a bug */
function refusal(error: unknown): CallToolResult {
  if (error instanceof ApiProblem) return failure(error.problem);
  if (error instanceof CliError) return failure({ code: 'unreachable', detail: error.message });
  throw error;
}

const failure = (problem: object): CallToolResult => ({
  isError: true,
  content: [{ type: 'text', text: JSON.stringify(problem) }],
});
