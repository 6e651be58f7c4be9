// Parses an AsyncAPI document, the payloads of its messages included, and tells what the parser has to say.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { ProtoBuffSchemaParser } from '@asyncapi/protobuf-schema-parser';

const parser = new Parser();
parser.registerSchemaParser(AvroSchemaParser());
parser.registerSchemaParser(ProtoBuffSchemaParser());

const { document, diagnostics } = await parser.parse(readFileSync(process.argv[2], 'utf8'));
const told = {
  valid: document !== undefined,
  diagnostics: diagnostics.map(({ code, message, path, severity }) => ({ code, message, path: path.join('/'), severity })),
  channels: document?.channels().all().map((channel) => channel.address()),
  operations: document?.operations().all().map((operation) => [operation.id(), operation.action()]),
  messages: document?.messages().all().map((message) => [message.name(), message.schemaFormat(), Object.keys(message.payload()?.properties() ?? {})]),
};
console.log(JSON.stringify(told));
