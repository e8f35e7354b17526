package io.treegrad.spark;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master$;
import org.apache.spark.deploy.worker.Worker$;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.Tuple3;

/**
 * The master or a worker of a standalone cluster, on the loopback interface. Prints its address, a master then the port
 * of its pages, and ends when its standard input does, so that no daemon outlives the tests that started it.
 */
final class Daemon {
    private static final int ANY_PORT = 0;
    private static final int MEBIBYTES = 4096;

    private Daemon() {}

    /** Arguments: HOST for a master; HOST, CORES, DIRECTORY and the master's address for a worker. */
    public static void main(String[] arguments) throws IOException {
        SparkConf conf = new SparkConf();
        if (arguments.length == 1) {
            Tuple3<RpcEnv, Object, Option<Object>> master =
                    Master$.MODULE$.startRpcEnvAndEndpoint(arguments[0], ANY_PORT, ANY_PORT, conf);
            print(master._1());
            System.out.println(master._2());
        } else {
            print(Worker$.MODULE$.startRpcEnvAndEndpoint(
                    arguments[0],
                    ANY_PORT,
                    ANY_PORT,
                    Integer.parseInt(arguments[1]),
                    MEBIBYTES,
                    new String[] {arguments[3]},
                    arguments[2],
                    Option.empty(),
                    conf,
                    Option.empty()));
        }
        while (System.in.read() >= 0) {
            // nobody writes
        }
        Runtime.getRuntime().halt(0);
    }

    private static void print(RpcEnv env) {
        System.out.println("spark://" + env.address().hostPort());
    }
}
