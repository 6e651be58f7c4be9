// Does with @confluentinc/schemaregistry what a service does with a registry, and tells every step as a line of JSON.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { create, createFileRegistry, createMutableRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  AvroDeserializer,
  AvroSerializer,
  JsonDeserializer,
  JsonSerializer,
  ProtobufDeserializer,
  ProtobufSerializer,
  RestError,
  SchemaRegistryClient,
  SerdeType,
} from '@confluentinc/schemaregistry';

const [url, schemas] = process.argv.slice(2);
const ORDER = { id: 'o-1', customer: { name: 'Ada' }, cents: 250 };
const LATEST = { useLatestVersion: true };

function tell(type, step, facts) {
  console.log(JSON.stringify({ type, step, ...facts }));
}

function connect() {
  return SchemaRegistryClient.newClient({ baseURLs: [url], maxRetries: 0 });
}

async function refusal(attempt) {
  try {
    await attempt;
  } catch (error) {
    assert(error instanceof RestError, error);
    return { error: error.constructor.name, status: error.status, code: error.errorCode, message: error.message };
  }
  throw new Error('the registry took what it has to refuse');
}

async function story({ type, folder, extension, reference, write, read }) {
  const client = connect();
  const text = (name) => readFileSync(path.join(schemas, folder, `${name}.${extension}`), 'utf8');
  const schema = (name, references = [{ name: reference, subject: `customer-${folder}`, version: 1 }]) => ({
    schemaType: type,
    schema: text(name),
    references,
  });
  const topic = `orders-${folder}`;
  const subject = `${topic}-value`;

  const customer = await client.register(`customer-${folder}`, schema('customer', []));
  tell(type, 'referenced', { id: customer });
  const first = await client.registerFullResponse(subject, schema('order'));
  tell(type, 'registered', { id: first.id });
  const found = await connect().getIdFullResponse(subject, schema('order'));
  tell(type, 'looked up', { id: found.id, version: found.version });

  const bytes = await write(client, topic);
  tell(type, 'wrote', { bytes: bytes.toString('hex') });
  const second = await client.register(subject, schema('discounted'));
  const latest = await connect().getLatestSchemaMetadata(subject);
  tell(type, 'evolved', { id: second, version: latest.version, latest: latest.id });
  tell(type, 'checked', { compatible: await client.testSubjectCompatibility(subject, schema('broken')) });
  tell(type, 'refused', await refusal(client.register(subject, schema('broken'))));
  tell(type, 'missed', await refusal(client.getLatestSchemaMetadata('nothing-value')));
  tell(type, 'read', { schema: (await connect().getBySubjectAndId(subject, second)).schema });
  tell(type, 'decoded', { value: await read(connect(), topic, bytes) });
}

/** What generated code would know: the messages of the newest version, from the descriptors that the registry gives. */
async function messages(client, subject) {
  const file = async ({ schema }, name) => {
    const descriptor = fromBinary(FileDescriptorProtoSchema, Buffer.from(schema, 'base64'));
    return create(FileDescriptorProtoSchema, { ...descriptor, name });
  };
  const order = await client.getLatestSchemaMetadata(subject, 'serialized');
  const [{ name, subject: referred, version }] = order.references;
  const customer = await file(await client.getSchemaMetadata(referred, version, false, 'serialized'), name);
  const main = await file(order, 'order.proto');
  const found = createFileRegistry(main, (wanted) => (wanted === name ? customer : undefined));
  return createMutableRegistry(found.getMessage('shop.Order'), found.getMessage('shop.Customer'));
}

/** A serializer that registers what it writes sends descriptors instead of text, and first those that are imported. */
async function registeredByItself(client) {
  const registry = await messages(client, 'orders-protobuf-value');
  const order = create(registry.getMessage('shop.Order'), ORDER);
  const serializer = new ProtobufSerializer(client, SerdeType.VALUE, { autoRegisterSchemas: true, registry });
  const bytes = await serializer.serialize('described', order);
  tell('PROTOBUF', 'described', { bytes: bytes.toString('hex') });
}

await story({
  type: 'AVRO',
  folder: 'avro',
  extension: 'avsc',
  reference: 'shop.Customer',
  write: (client, topic) => new AvroSerializer(client, SerdeType.VALUE, LATEST).serialize(topic, ORDER),
  read: (client, topic, bytes) => new AvroDeserializer(client, SerdeType.VALUE, LATEST).deserialize(topic, bytes),
});
await story({
  type: 'JSON',
  folder: 'json',
  extension: 'json',
  reference: 'https://shop.example/customer.json',
  write: (client, topic) =>
    new JsonSerializer(client, SerdeType.VALUE, { ...LATEST, validate: true }).serialize(topic, ORDER),
  read: (client, topic, bytes) =>
    new JsonDeserializer(client, SerdeType.VALUE, { validate: true }).deserialize(topic, bytes),
});
await story({
  type: 'PROTOBUF',
  folder: 'protobuf',
  extension: 'proto',
  reference: 'customer.proto',
  write: async (client, topic) => {
    const registry = await messages(client, `${topic}-value`);
    const order = create(registry.getMessage('shop.Order'), ORDER);
    return new ProtobufSerializer(client, SerdeType.VALUE, { ...LATEST, registry }).serialize(topic, order);
  },
  read: async (client, topic, bytes) => {
    const order = await new ProtobufDeserializer(client, SerdeType.VALUE, {}).deserialize(topic, bytes);
    return { id: order.id, customer: { name: order.customer.name }, cents: order.cents };
  },
});
await registeredByItself(connect());
