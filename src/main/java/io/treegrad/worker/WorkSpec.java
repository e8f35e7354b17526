package io.treegrad.worker;

import io.treegrad.data.Scaling;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Network;
import java.io.Serializable;

/**
 * What every worker needs to know, whatever its rows.
 *
 * @param steps which rows each step sees; null where nothing is trained
 */
public record WorkSpec(Network network, Scaling scaling, StepPlan steps) implements Serializable {}
