package io.treegrad.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** A task that tells what all threads of its process have allocated. */
final class AllocatedBytes implements Function1<Iterator<Integer>, Iterator<Long>>, Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public Iterator<Long> apply(Iterator<Integer> nothing) {
        java.util.Iterator<Long> bytes = List.of(Heap.allocatedSince(Map.of())).iterator();
        return CollectionConverters.asScala(bytes);
    }
}
