package io.treegrad.settings;

/** A heading of the help, in its order. */
public enum SettingGroup {
    MODEL("Model"),
    DATA("Data"),
    NETWORK("Network"),
    TRAINING("Training"),
    CLUSTER("Cluster"),
    OUTPUT("Output");

    private final String heading;

    SettingGroup(String heading) {
        this.heading = heading;
    }

    public String heading() {
        return heading;
    }
}
