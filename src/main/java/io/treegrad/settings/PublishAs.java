package io.treegrad.settings;

/** What a new model becomes if it passes the gates. */
public enum PublishAs {
    /** The model that readers of the output directory get. */
    CHAMPION,
    /** A model beside the champion, to be looked at and promoted later. */
    CANDIDATE
}
