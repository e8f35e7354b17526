package io.treegrad.formats;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** What the values of a Parquet column mean, and how they are read as numbers, names and bytes. */
final class ParquetType {
    private ParquetType() {}

    /** Whether each row has at most one number. */
    static boolean isNumber(Type type) {
        return isOfNumbers(type) && !type.isRepetition(Type.Repetition.REPEATED);
    }

    /** Dates and times are stored as whole numbers too, but do not mean them. */
    static boolean isOfNumbers(Type type) {
        if (!type.isPrimitive()) {
            return false;
        }
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (meaning instanceof DecimalLogicalTypeAnnotation) {
            return true;
        }
        boolean isPlain = meaning == null || meaning instanceof IntLogicalTypeAnnotation;
        return isPlain
                && switch (type.asPrimitiveType().getPrimitiveTypeName()) {
                    case INT32, INT64, FLOAT, DOUBLE, BOOLEAN -> true;
                    case BINARY, INT96, FIXED_LEN_BYTE_ARRAY -> false;
                };
    }

    static boolean isText(Type type) {
        return isOfBytes(type) && type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation;
    }

    static boolean isBinary(Type type) {
        return isOfBytes(type) && type.getLogicalTypeAnnotation() == null;
    }

    private static boolean isOfBytes(Type type) {
        return type.isPrimitive() && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    }

    /** The type in a message, on one line. */
    static String words(Type type) {
        return type.getName() + ", a " + type.toString().replaceAll("\\s+", " ");
    }

    static double number(ColumnReader value) {
        PrimitiveType type = value.getDescriptor().getPrimitiveType();
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
            return decimal(value, decimal).doubleValue();
        }
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> isUnsigned(meaning) ? Integer.toUnsignedLong(value.getInteger()) : value.getInteger();
            case INT64 -> isUnsigned(meaning) ? unsigned(value.getLong()).doubleValue() : value.getLong();
            case FLOAT -> value.getFloat();
            case DOUBLE -> value.getDouble();
            case BOOLEAN -> value.getBoolean() ? 1 : 0;
            case BINARY, INT96, FIXED_LEN_BYTE_ARRAY ->
                throw new IllegalStateException("column " + value.getDescriptor() + " is no number");
        };
    }

    private static boolean isUnsigned(LogicalTypeAnnotation meaning) {
        return meaning instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private static BigDecimal decimal(ColumnReader value, DecimalLogicalTypeAnnotation type) {
        BigInteger digits =
                switch (value.getDescriptor().getPrimitiveType().getPrimitiveTypeName()) {
                    case INT32 -> BigInteger.valueOf(value.getInteger());
                    case INT64 -> BigInteger.valueOf(value.getLong());
                    case BINARY, FIXED_LEN_BYTE_ARRAY ->
                        new BigInteger(value.getBinary().getBytes());
                    case FLOAT, DOUBLE, BOOLEAN, INT96 ->
                        throw new IllegalStateException("column " + value.getDescriptor() + " is no decimal");
                };
        return new BigDecimal(digits, type.getScale());
    }

    /** A number or a text as it identifies a row. */
    static String shown(ColumnReader value) {
        PrimitiveType type = value.getDescriptor().getPrimitiveType();
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
            return decimal(value, decimal).toPlainString();
        }
        return switch (type.getPrimitiveTypeName()) {
            case BINARY -> text(value);
            case INT32 -> Long.toString((long) number(value));
            case INT64 -> isUnsigned(meaning) ? unsigned(value.getLong()).toString() : Long.toString(value.getLong());
            case FLOAT, DOUBLE, BOOLEAN, INT96, FIXED_LEN_BYTE_ARRAY -> Double.toString(number(value));
        };
    }

    static String text(ColumnReader value) {
        return value.getBinary().toStringUsingUTF8();
    }
}
