// Does with @kafkajs/confluent-schema-registry what a service does with a registry, and tells every step as a line of JSON.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import registry from '@kafkajs/confluent-schema-registry';

const { COMPATIBILITY, SchemaRegistry, SchemaType } = registry;
const [url, schemas] = process.argv.slice(2);
const ORDER = { id: 'o-1', customer: { name: 'Ada' }, cents: 250 };
const BACKWARD = { compatibility: COMPATIBILITY.BACKWARD };

function tell(type, step, facts) {
  console.log(JSON.stringify({ type, step, ...facts }));
}

function connect() {
  return new SchemaRegistry({ host: url, retry: { retries: 0 } });
}

async function refusal(attempt) {
  try {
    await attempt;
  } catch (error) {
    return { error: error.name, status: error.status, message: error.message };
  }
  throw new Error('the registry took what it has to refuse');
}

async function story({ type, folder, extension, reference, code = 'discount_code' }) {
  const client = connect();
  const text = (name) => readFileSync(path.join(schemas, folder, `${name}.${extension}`), 'utf8');
  const schema = (name, references = [{ name: reference, subject: `customer-${folder}`, version: 1 }]) => ({
    type,
    schema: text(name),
    references,
  });
  const subject = `orders-${folder}-value`;

  const customer = await client.register(schema('customer', []), { subject: `customer-${folder}`, ...BACKWARD });
  tell(type, 'referenced', { id: customer.id });
  const first = await client.register(schema('order'), { subject, ...BACKWARD });
  tell(type, 'registered', { id: first.id });
  // This client looks schemas up without their references, and so finds only those that have none.
  const found = await connect().getRegistryIdBySchema(`customer-${folder}`, schema('customer', []));
  tell(type, 'looked up', { id: found });

  const bytes = await client.encode(first.id, ORDER);
  tell(type, 'wrote', { bytes: bytes.toString('hex') });
  const second = await client.register(schema('discounted'), { subject, ...BACKWARD });
  tell(type, 'evolved', {
    id: second.id,
    latest: await connect().getLatestSchemaId(subject),
    first: await connect().getRegistryId(subject, 1),
  });
  tell(type, 'refused', await refusal(client.register(schema('broken'), { subject, ...BACKWARD })));
  tell(type, 'missed', await refusal(client.getLatestSchemaId('nothing-value')));
  const discounted = await connect().encode(second.id, { ...ORDER, [code]: 'SPRING' });
  tell(type, 'read', { bytes: discounted.toString('hex') });
  const readerSchema = type === SchemaType.AVRO ? await connect().getSchema(second.id) : undefined;
  tell(type, 'decoded', { value: await connect().decode(bytes, { [type]: { readerSchema } }) });
}

await story({ type: SchemaType.AVRO, folder: 'avro', extension: 'avsc', reference: 'shop.Customer' });
await story({ type: SchemaType.JSON, folder: 'json', extension: 'json', reference: 'https://shop.example/customer.json' });
await story({
  type: SchemaType.PROTOBUF,
  folder: 'protobuf',
  extension: 'proto',
  reference: 'customer.proto',
  code: 'discountCode',
});
