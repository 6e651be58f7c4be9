import java.io.File;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.compiler.specific.SpecificCompiler;
import org.apache.avro.generic.GenericData.StringType;

/** Makes Java classes: the first argument is the folder they go to, the others are schema files, each after what it needs. */
public final class GenerateAvro {
  private GenerateAvro() {}

  public static void main(String[] arguments) throws Exception {
    SchemaParser parser = new SchemaParser();
    for (int number = 1; number < arguments.length; number++) {
      File file = new File(arguments[number]);
      try {
        Schema schema = parser.parse(file).mainSchema();
        SpecificCompiler compiler = new SpecificCompiler(schema);
        compiler.setStringType(StringType.String);
        compiler.setEnableDecimalLogicalType(true);
        compiler.setOutputCharacterEncoding("UTF-8");
        compiler.compileToDestination(null, new File(arguments[0]));
      } catch (RuntimeException refused) {
        System.err.println(file.getName() + ": " + refused.getMessage());
        System.exit(1);
      }
    }
  }
}
