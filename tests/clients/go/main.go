// Command client does with franz-go's sr what a service does with a registry, and tells every step as a line of JSON.
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"github.com/twmb/franz-go/pkg/sr"
)

type customer struct {
	Name string `json:"name" avro:"name"`
}

type order struct {
	ID           string   `json:"id" avro:"id"`
	Customer     customer `json:"customer" avro:"customer"`
	Cents        int32    `json:"cents" avro:"cents"`
	DiscountCode string   `json:"discount_code,omitempty" avro:"discount_code"`
}

type facts map[string]any

type story struct {
	url       string
	schemas   string
	kind      sr.SchemaType
	folder    string
	extension string
	reference string
	codec     func(writer, reader source) (codec, error)
}

func main() {
	url, schemas := os.Args[1], os.Args[2]
	for _, told := range []story{
		{url, schemas, sr.TypeAvro, "avro", "avsc", "shop.Customer", avroCodec},
		{url, schemas, sr.TypeJSON, "json", "json", "https://shop.example/customer.json", jsonCodec},
		{url, schemas, sr.TypeProtobuf, "protobuf", "proto", "customer.proto", protobufCodec},
	} {
		if err := told.run(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, told.kind, err)
			os.Exit(1)
		}
	}
}

func (s story) run(ctx context.Context) error {
	client, err := sr.NewClient(sr.URLs(s.url))
	if err != nil {
		return err
	}
	subject := "orders-" + s.folder + "-value"

	referenced, err := client.CreateSchema(ctx, "customer-"+s.folder, s.schema("customer"))
	if err != nil {
		return err
	}
	s.tell("referenced", facts{"id": referenced.ID})
	first, err := client.CreateSchema(ctx, subject, s.referring("order"))
	if err != nil {
		return err
	}
	s.tell("registered", facts{"id": first.ID, "version": first.Version})
	found, err := client.LookupSchema(ctx, subject, s.referring("order"))
	if err != nil {
		return err
	}
	s.tell("looked up", facts{"id": found.ID, "version": found.Version})

	written, err := s.write(ctx, client, found)
	if err != nil {
		return err
	}
	s.tell("wrote", facts{"bytes": hex.EncodeToString(written)})
	second, err := client.CreateSchema(ctx, subject, s.referring("discounted"))
	if err != nil {
		return err
	}
	latest, err := client.SchemaByVersion(ctx, subject, -1)
	if err != nil {
		return err
	}
	s.tell("evolved", facts{"id": second.ID, "version": second.Version, "latest": latest.ID})

	checked, err := client.CheckCompatibility(ctx, subject, -1, s.referring("broken"))
	if err != nil {
		return err
	}
	s.tell("checked", facts{"compatible": checked.Is})
	_, err = client.CreateSchema(ctx, subject, s.referring("broken"))
	s.tell("refused", refusal(err))
	_, err = client.SchemaByVersion(ctx, "nothing-value", -1)
	s.tell("missed", refusal(err))

	read, err := client.SchemaByID(ctx, second.ID)
	if err != nil {
		return err
	}
	s.tell("read", facts{"schema": read.Schema})
	value, err := s.read(ctx, client, written, latest)
	if err != nil {
		return err
	}
	s.tell("decoded", facts{"value": value})
	return nil
}

func (s story) write(ctx context.Context, client *sr.Client, schema sr.SubjectSchema) ([]byte, error) {
	text, err := withImports(ctx, client, schema.Schema)
	if err != nil {
		return nil, err
	}
	made, err := s.codec(text, text)
	if err != nil {
		return nil, err
	}
	serde := sr.NewSerde()
	serde.Register(schema.ID, order{}, s.options(sr.EncodeFn(made.encode))...)
	return serde.Encode(order{ID: "o-1", Customer: customer{Name: "Ada"}, Cents: 250})
}

func (s story) read(ctx context.Context, client *sr.Client, written []byte, reader sr.SubjectSchema) (order, error) {
	var value order
	serde := sr.NewSerde()
	id, _, err := serde.DecodeID(written)
	if err != nil {
		return value, err
	}
	schema, err := client.SchemaByID(ctx, id)
	if err != nil {
		return value, err
	}
	from, err := withImports(ctx, client, schema)
	if err != nil {
		return value, err
	}
	to, err := withImports(ctx, client, reader.Schema)
	if err != nil {
		return value, err
	}
	made, err := s.codec(from, to)
	if err != nil {
		return value, err
	}
	serde.Register(id, order{}, s.options(sr.DecodeFn(made.decode))...)
	return value, serde.Decode(written, &value)
}

// options adds to an option the place of the message, which only Protobuf schemas have.
func (s story) options(option sr.EncodingOpt) []sr.EncodingOpt {
	if s.kind == sr.TypeProtobuf {
		return []sr.EncodingOpt{option, sr.Index(0)}
	}
	return []sr.EncodingOpt{option}
}

func (s story) schema(name string) sr.Schema {
	text, err := os.ReadFile(filepath.Join(s.schemas, s.folder, name+"."+s.extension))
	if err != nil {
		panic(err)
	}
	return sr.Schema{Schema: string(text), Type: s.kind}
}

func (s story) referring(name string) sr.Schema {
	schema := s.schema(name)
	schema.References = []sr.SchemaReference{{Name: s.reference, Subject: "customer-" + s.folder, Version: 1}}
	return schema
}

func (s story) tell(step string, what facts) {
	line := facts{"type": s.kind, "step": step}
	maps.Copy(line, what)
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		panic(err)
	}
}

func refusal(err error) facts {
	var answer *sr.ResponseError
	if !errors.As(err, &answer) {
		return facts{"error": fmt.Sprintf("%T", err)}
	}
	return facts{
		"error":   fmt.Sprintf("%T", answer),
		"status":  answer.StatusCode,
		"code":    answer.ErrorCode,
		"message": answer.Message,
		"known":   answer.SchemaError().Name,
	}
}

// withImports gets what a schema refers to from the registry.
func withImports(ctx context.Context, client *sr.Client, schema sr.Schema) (source, error) {
	text := source{schema: schema.Schema, imports: map[string]string{}}
	for _, reference := range schema.References {
		found, err := client.SchemaByVersion(ctx, reference.Subject, reference.Version)
		if err != nil {
			return text, err
		}
		text.imports[reference.Name] = found.Schema.Schema
	}
	return text, nil
}
