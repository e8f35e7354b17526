package io.treegrad.model;

import io.treegrad.common.Sha256;
import io.treegrad.network.Network;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** A digest that compares two trainings: equal digests mean equal bits in every parameter. */
public final class WeightsDigest {
    private WeightsDigest() {}

    /** SHA-256, in hexadecimal, of theta as little-endian floats in the order of the published file. */
    public static String of(Network network, float[] theta) {
        return of(network.toPublished(theta));
    }

    /** The same of parameters in that order. */
    static String of(float[] parameters) {
        MessageDigest digest = Sha256.start();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            LittleEndianFloats.write(parameters, 0, parameters.length, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Sha256.hex(digest);
    }
}
