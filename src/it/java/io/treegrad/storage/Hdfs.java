package io.treegrad.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;

/** A real HDFS on 127.0.0.1 within this JVM: a name node and some data nodes, which can be stopped and started again. */
public final class Hdfs implements AutoCloseable {
    private final MiniDFSCluster cluster;
    private final Deque<MiniDFSCluster.DataNodeProperties> stopped = new ArrayDeque<>();

    public Hdfs(Path directory, int dataNodes) throws IOException {
        Configuration configuration = new HdfsConfiguration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
        configuration.setInt("dfs.replication", dataNodes);
        // of two nodes, one is soon busier than twice the mean, and would be left out
        configuration.setBoolean("dfs.namenode.redundancy.considerLoad", false);
        cluster = new MiniDFSCluster.Builder(configuration)
                .numDataNodes(dataNodes)
                .build();
        cluster.waitActive();
    }

    /** Such as {@code hdfs://127.0.0.1:41234}, without a slash at its end. */
    public String uri() {
        return "hdfs://127.0.0.1:" + cluster.getNameNodePort();
    }

    /** The same files behind a {@link FaultyFileSystem}. */
    String faultyUri() {
        return uri().replace("hdfs:", "faulty:");
    }

    /** Of a client that waits milliseconds where it would wait seconds. */
    Configuration configuration() {
        Configuration configuration = FaultyFileSystem.configuration();
        configuration.setInt("dfs.client.retry.window.base", 10);
        configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 2);
        // twice as long each time: a second in all, for data nodes on a machine that is busy
        configuration.setInt("dfs.client.block.write.locateFollowingBlock.retries", 9);
        return configuration;
    }

    public DistributedFileSystem files() throws IOException {
        return cluster.getFileSystem();
    }

    /** Stops the first data node that runs. */
    void stopDataNode() {
        stopped.push(cluster.stopDataNode(0));
    }

    void startDataNodes() throws IOException {
        while (!stopped.isEmpty()) {
            cluster.restartDataNode(stopped.pop(), true);
        }
        cluster.waitActive();
    }

    public void safeMode(boolean on) throws IOException {
        files().setSafeMode(on ? SafeModeAction.ENTER : SafeModeAction.LEAVE);
    }

    /** What another process would do: it shares no connection and no lease with this one. */
    static <T> T asAnotherClient(PrivilegedExceptionAction<T> action) throws IOException, InterruptedException {
        String user = UserGroupInformation.getCurrentUser().getShortUserName();
        return UserGroupInformation.createRemoteUser(user).doAs(action);
    }

    /** A file whose writer is killed in the midst of it: its lease stays with a client that is no more. */
    void writeAndDie(String path, byte[] flushed) throws IOException, InterruptedException {
        asAnotherClient(() -> {
            org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(path);
            DistributedFileSystem client = (DistributedFileSystem) file.getFileSystem(configuration());
            FSDataOutputStream out = client.create(file, true);
            if (flushed.length > 0) {
                out.write(flushed);
                out.hflush();
            }
            client.getClient().closeAllFilesBeingWritten(true);
            return null;
        });
    }

    @Override
    public void close() {
        cluster.shutdown();
    }
}
