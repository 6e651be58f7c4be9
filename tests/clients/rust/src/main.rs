//! Does with schema_registry_converter what a service does with a registry, and tells every step as a line of JSON.

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;

use schema_registry_converter::async_impl::avro::{AvroDecoder, AvroEncoder};
use schema_registry_converter::async_impl::json::{JsonDecoder, JsonEncoder};
use schema_registry_converter::async_impl::proto_decoder::ProtoDecoder;
use schema_registry_converter::async_impl::proto_encoder::ProtoEncoder;
use schema_registry_converter::async_impl::schema_registry::{
    SrSettings, get_schema_by_id, get_schema_by_subject, perform_sr_call, post_schema,
};
use schema_registry_converter::error::SRCError;
use schema_registry_converter::prost_reflect::SerializeOptions;
use schema_registry_converter::schema_registry_common::{
    RawError, SchemaType, SrCall, SubjectNameStrategy, SuppliedReference, SuppliedSchema,
};
use serde::Serialize;
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Serialize)]
struct Customer {
    name: &'static str,
}

#[derive(Serialize)]
struct Order {
    id: &'static str,
    customer: Customer,
    cents: i64,
}

struct Story {
    settings: SrSettings,
    schemas: PathBuf,
    schema_type: SchemaType,
    /// The name on the wire.
    name: &'static str,
    extension: &'static str,
    reference: &'static str,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    for (schema_type, name, extension, reference) in [
        (SchemaType::Avro, "AVRO", "avsc", "shop.Customer"),
        (
            SchemaType::Json,
            "JSON",
            "json",
            "https://shop.example/customer.json",
        ),
        (SchemaType::Protobuf, "PROTOBUF", "proto", "customer.proto"),
    ] {
        let settings = SrSettings::new(arguments[1].clone());
        let schemas = PathBuf::from(&arguments[2]).join(name.to_lowercase());
        Story {
            settings,
            schemas,
            schema_type,
            name,
            extension,
            reference,
        }
        .run()
        .await?;
    }
    Ok(())
}

impl Story {
    async fn run(&self) -> Outcome<()> {
        let subject = format!("{}-value", self.topic());
        let customer = format!("customer-{}", self.name.to_lowercase());
        let referenced = post_schema(&self.settings, customer, self.schema("customer")?).await?;
        self.tell("referenced", json!({"id": referenced.id}));
        let first = post_schema(&self.settings, subject.clone(), self.referring("order")?).await?;
        self.tell("registered", json!({"id": first.id}));
        let body = json!({"schema": first.schema, "schemaType": self.name, "references": first.references});
        let asked = SrCall::PostForVersion(&subject, &body.to_string());
        let found = perform_sr_call(&self.settings, asked).await?;
        self.tell(
            "looked up",
            json!({"id": found.id, "version": found.version}),
        );

        let written = self.write().await?;
        self.tell("wrote", json!({"bytes": hex(&written)}));
        let second = post_schema(
            &self.settings,
            subject.clone(),
            self.referring("discounted")?,
        )
        .await?;
        let latest = get_schema_by_subject(&self.settings, &self.strategy()).await?;
        self.tell(
            "evolved",
            json!({"id": second.id, "version": latest.version, "latest": latest.id}),
        );

        let broken = post_schema(&self.settings, subject, self.referring("broken")?).await;
        self.tell("refused", refusal(broken.unwrap_err()));
        let nothing = SubjectNameStrategy::TopicNameStrategy("nothing".into(), false);
        let missed = get_schema_by_subject(&self.settings, &nothing).await;
        self.tell("missed", refusal(missed.unwrap_err()));

        let read = get_schema_by_id(second.id, &self.settings).await?;
        self.tell("read", json!({"schema": read.schema}));
        self.tell(
            "decoded",
            json!({"value": self.read(&written, second.id).await?}),
        );
        Ok(())
    }

    async fn write(&self) -> Outcome<Vec<u8>> {
        let order = Order {
            id: "o-1",
            customer: Customer { name: "Ada" },
            cents: 250,
        };
        let document = serde_json::to_value(&order)?;
        let settings = self.settings.clone();
        Ok(match self.schema_type {
            SchemaType::Avro => {
                AvroEncoder::new(settings)
                    .encode_struct(order, &self.strategy())
                    .await?
            }
            SchemaType::Json => {
                JsonEncoder::new(settings)
                    .encode(&document, self.strategy())
                    .await?
            }
            _ => {
                ProtoEncoder::new(settings)
                    .encode_json(&document, "shop.Order", &self.strategy())
                    .await?
            }
        })
    }

    /// Reads what was written, Avro as the schema with the id of the reader has it.
    async fn read(&self, written: &[u8], reader: u32) -> Outcome<Value> {
        let settings = self.settings.clone();
        match self.schema_type {
            SchemaType::Avro => {
                let decoder = AvroDecoder::new(settings);
                let order = decoder.decode(Some(written)).await?.value;
                let schema = decoder.get_schema(reader).await?;
                Ok(order.resolve(&schema.parsed)?.try_into()?)
            }
            SchemaType::Json => {
                let order = JsonDecoder::new(settings).decode(Some(written)).await?;
                Ok(order.ok_or("nothing was decoded")?.value)
            }
            _ => {
                let order = ProtoDecoder::new(settings)
                    .decode_with_context(Some(written))
                    .await?;
                let names = SerializeOptions::new().use_proto_field_name(true);
                let order = order.ok_or("nothing was decoded")?.value;
                Ok(order.serialize_with_options(serde_json::value::Serializer, &names)?)
            }
        }
    }

    fn topic(&self) -> String {
        format!("orders-{}", self.name.to_lowercase())
    }

    fn strategy(&self) -> SubjectNameStrategy {
        SubjectNameStrategy::TopicNameStrategy(self.topic(), false)
    }

    fn text(&self, name: &str) -> Outcome<String> {
        Ok(std::fs::read_to_string(
            self.schemas.join(name).with_extension(self.extension),
        )?)
    }

    fn schema(&self, name: &str) -> Outcome<SuppliedSchema> {
        Ok(SuppliedSchema::new(
            None,
            self.schema_type.clone(),
            self.text(name)?,
        ))
    }

    fn referring(&self, name: &str) -> Outcome<SuppliedSchema> {
        let subject = format!("customer-{}", self.name.to_lowercase());
        let customer =
            SuppliedReference::new(self.reference.into(), subject, self.text("customer")?);
        Ok(self.schema(name)?.with_references(vec![customer]))
    }

    fn tell(&self, step: &str, mut facts: Value) {
        facts["type"] = self.name.into();
        facts["step"] = step.into();
        println!("{facts}");
    }
}

/// What the registry said, which is the source of the client's error.
fn refusal(error: SRCError) -> Value {
    match error
        .source()
        .and_then(|source| source.downcast_ref::<RawError>())
    {
        Some(said) => {
            json!({"error": "SRCError", "code": said.error_code, "message": said.message})
        }
        None => json!({"error": error.to_string()}),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
