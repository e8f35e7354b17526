#!/usr/bin/env bash
# Runs treegrad on Spark:   ./submit.sh [spark-submit options --] COMMAND [options]
#
#   ./submit.sh train --epochs 5                      on all cores of this machine
#   ./submit.sh --master 'local[2]' -- train          on two of them
#   ./submit.sh --master yarn --deploy-mode cluster -- train --data hdfs:///mnist
#
# Spark is the one at $SPARK_HOME, else that of the spark-submit on the PATH, else Maven's. What is missing or older than
# its sources is built first, by a user who may write here; others run what is there. The exit code is that of the
# command; 78 means that something around it has to be fixed.
set -euo pipefail
# With it, cd goes elsewhere and prints where.
unset CDPATH

readonly BAD_CONFIGURATION=78
readonly MAIN_CLASS=io.treegrad.cli.Main

fail() {
    printf 'submit.sh: %s\n' "$@" >&2
    exit "$BAD_CONFIGURATION"
}

# The file that a chain of symbolic links ends at; readlink -f is not on every system.
resolve() {
    local file=$1 link
    while [[ -L $file ]]; do
        link=$(readlink "$file")
        [[ $link == /* ]] || link=$(dirname "$file")/$link
        file=$link
    done
    printf '%s/%s' "$(cd "$(dirname "$file")" && pwd -P)" "$(basename "$file")"
}

# Sets java and java_version, and ends here if it is not JDK 17 or newer. A JDK says its version in a file: quicker than to
# start it.
find_java() {
    if [[ -n ${JAVA_HOME:-} ]]; then
        java=$JAVA_HOME/bin/java
        [[ -x $java ]] ||
            fail "JAVA_HOME is '$JAVA_HOME', but there is no bin/java in it. Set JAVA_HOME to a JDK 17, or unset it."
    else
        java=$(command -v java) || fail "There is no java. Install JDK 17, or set JAVA_HOME to one."
    fi
    local release
    release=$(dirname "$(dirname "$(resolve "$java")")")/release
    java_version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$release" 2>/dev/null || true)
    [[ -n $java_version ]] || java_version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
    local major=${java_version%%[.+-]*}
    [[ $major =~ ^[0-9]+$ && $major -ge 17 ]] ||
        fail "'$java' is Java ${java_version:-of unknown version}, but Spark 4 needs 17 or newer. Set JAVA_HOME to a JDK 17."
}

# Ends here if the Spark in directory $1 is too old; a directory that does not tell is trusted.
check_spark() {
    local jar version
    for jar in "$1"/jars/spark-core_*.jar; do
        version=${jar##*-}
        version=${version%.jar}
        if [[ $version =~ ^[0-3]\. ]]; then
            fail "'$1' is Spark $version, but treegrad needs Spark 4 (Scala 2.13)." \
                "Set SPARK_HOME to a Spark 4, or unset it and take spark-submit off the PATH to use Maven's."
        fi
    done
}

app_is_current() {
    [[ -r $app ]] || return 1
    # Where only the jar was delivered there are no sources to be newer.
    [[ ! -d $home/src ]] ||
        [[ -z $(find "$home/src/main" "$home/conf" "$home/pom.xml" -newer "$app" -print -quit 2>/dev/null) ]]
}

spark_is_current() {
    [[ -d $maven_spark/jars && ! $home/pom.xml -nt $maven_spark/jars ]]
}

run_maven() {
    command -v mvn >/dev/null || fail "There is no mvn, and $1 has to be built. Install Maven 3.8."
    printf 'submit.sh: building %s\n' "$1" >&2
    shift
    (cd "$home" && mvn -q -B -ntp -DskipTests -Dmaven.test.skip=true "$@") </dev/null >&2 ||
        fail "The build failed: see the lines above, or run 'mvn -B verify' in '$home'."
}

build_app() {
    app_is_current && return
    run_maven "$1" package
    # Maven leaves the jar alone where nothing in it would change.
    app_is_current || touch "$app"
}

# A directory with jars/ and conf/, which is enough of a SPARK_HOME. Put in place whole, so that none sees half of it.
build_spark() {
    spark_is_current && return
    local list=$home/target/spark.new.classpath new=$home/target/spark.new jar jars
    run_maven "$1" dependency:build-classpath -DincludeScope=compile "-Dmdep.outputFile=$list"
    if cmp -s "$list" "$maven_spark/classpath"; then
        touch "$maven_spark/jars"
        return
    fi
    rm -rf "$new"
    mkdir -p "$new/jars" "$new/conf"
    IFS=: read -r -a jars <"$list" || [[ ${#jars[@]} -gt 0 ]]
    for jar in "${jars[@]}"; do
        ln "$jar" "$new/jars/" 2>/dev/null || cp "$jar" "$new/jars/"
    done
    mv "$list" "$new/classpath"
    rm -rf "$maven_spark"
    mv "$new" "$maven_spark"
}

# Whether this user may build here. Asked by opening the lock: a directory may be writable and the file system not.
may_build() {
    mkdir -p "$home/target" && : >>"$home/target/submit.lock"
} 2>/dev/null

# Two starts at the same time build once: the second waits here, where the system has locks.
locked() {
    (
        flock 9 2>/dev/null || true
        "$@"
    ) 9>>"$home/target/submit.lock"
}

# Brings $1, which is at $2, up to date by function $3. A user who may not build runs what is there.
build() {
    if may_build; then
        locked "$3" "$1"
    elif [[ -r $2 ]]; then
        printf "submit.sh: '%s' cannot be written, so %s stays older than its sources\n" "$home/target" "$1" >&2
    else
        fail "'$home/target' cannot be written, and $1 has to be built." \
            "Let its owner start submit.sh once, with a 'target' that others may read."
    fi
}

# The words $@, without the values of keys and the passwords in paths.
without_keys() {
    local word words=()
    shopt -s nocasematch
    for word in "$@"; do
        [[ ! $word =~ (secret|password|token|credential|(access|account|api).?key)[^=]*= ]] || word="${word%%=*}=***"
        [[ $word != *://*@* ]] || word="${word%%://*}://***@${word##*@}"
        words+=("$word")
    done
    printf '%s' "${words[*]}"
}

# Sets command: java, its flags and SparkSubmit with the options $@, as Spark's launcher prints them, each ended by NUL.
# It is asked at every start, for a tenth of a second: it reads variables of Spark, Hadoop and Yarn and files that they
# name, and among its words may be keys that do not belong in a file.
ask_launcher() {
    local first=true argument print=${SPARK_PRINT_LAUNCH_COMMAND:-}
    # Spark's launcher would print the keys too.
    unset SPARK_PRINT_LAUNCH_COMMAND
    command=()
    while IFS= read -r -d '' argument; do
        # Before the command stand one NUL and one newline.
        if [[ $first == true ]]; then
            first=false
            continue
        fi
        [[ ${#command[@]} -gt 0 ]] || argument=${argument#$'\n'}
        command+=("$argument")
    done < <("$java" -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$maven_spark/jars/*" \
        org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@" --class "$MAIN_CLASS" "$app")
    [[ ${#command[@]} -gt 1 ]] || fail "Spark's launcher did not say how to start: see the lines above."
    [[ -z $print ]] || printf 'Spark Command: %s\n' "$(without_keys "${command[@]}")" >&2
}

# Classes of Spark, checked and laid out once for all later starts, as a run over a few rows needs them: two of the five
# seconds that a start costs. The JVM itself refuses an archive that does not fit its jars.
archive_classes() {
    [[ ! -f $archive ]] || return 0
    printf 'submit.sh: preparing quick starts\n' >&2
    local scratch=$home/target/spark.first
    # The configuration of one user, or of one cluster, is not that of all later starts.
    unset "${!SPARK_@}" HADOOP_CONF_DIR YARN_CONF_DIR
    export SPARK_HOME=$maven_spark SPARK_SCALA_VERSION=2.13
    ask_launcher --master 'local[2]'
    "${command[0]}" -XX:ArchiveClassesAtExit="$scratch.jsa" -Xlog:disable "${command[@]:1}" \
        train --data synthetic --epochs 1 --output "$scratch" </dev/null >/dev/null 2>&1 || true
    rm -rf "$scratch"
    # Without one, starts are slower, and that is all.
    [[ -f $scratch.jsa ]] || : >"$scratch.jsa"
    mv -f "$scratch.jsa" "$archive"
}

# No JVM starts without one, and it does not say why.
pwd -P >/dev/null 2>&1 || fail "The current directory was removed. Change to one that exists."
script=$(resolve "${BASH_SOURCE[0]}")
readonly home=${script%/*}
readonly maven_spark=$home/target/spark

options=()
for argument in "$@"; do
    if [[ $argument == -- ]]; then
        while [[ $1 != -- ]]; do
            options+=("$1")
            shift
        done
        shift
        break
    fi
done

version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$home/pom.xml" | head -n 1)
readonly app=$home/target/treegrad-$version-all.jar

find_java
# One for each JVM: another refuses it, and says nothing.
readonly archive=$maven_spark/classes-$java_version.jsa

if [[ -n ${SPARK_HOME:-} ]]; then
    spark_submit=$SPARK_HOME/bin/spark-submit
    [[ -x $spark_submit ]] ||
        fail "SPARK_HOME is '$SPARK_HOME', but there is no bin/spark-submit in it." \
            "Set SPARK_HOME to a Spark 4, or unset it to use Maven's."
    check_spark "$SPARK_HOME"
else
    spark_submit=$(command -v spark-submit || true)
    [[ -z $spark_submit ]] || check_spark "$(dirname "$(dirname "$(resolve "$spark_submit")")")"
fi

app_is_current || build "the application" "$app" build_app

if [[ -n $spark_submit ]]; then
    exec "$spark_submit" ${options[@]+"${options[@]}"} --class "$MAIN_CLASS" "$app" "$@"
fi

# The driver memory where neither options nor files say another; Spark's own default is 1g.
export SPARK_HOME=$maven_spark SPARK_SCALA_VERSION=2.13 SPARK_DRIVER_MEMORY=${SPARK_DRIVER_MEMORY:-2g}
spark_is_current || build "the directory of Spark's jars" "$maven_spark/jars" build_spark
# Commands were once kept there, with the keys among their words.
[[ ! -d $maven_spark/commands ]] || rm -rf "$maven_spark/commands" 2>/dev/null || true
[[ -f $archive || ! -w $maven_spark ]] || ! may_build || locked archive_classes || true

# The executors of local-cluster are JVMs of the same jars on this machine.
if [[ -s $archive && ${options[*]-} == *local-cluster\[* ]]; then
    options=(--conf "spark.executor.defaultJavaOptions=\"-XX:SharedArchiveFile=$archive\" -Xlog:cds*=off" "${options[@]}")
fi
ask_launcher ${options[@]+"${options[@]}"}
# The last two have the JIT compile the vector kernels after a fiftieth of the usual calls. Until it has, each of their
# operations is a loop of the library, so hot that these would be compiled first, for no use.
flags=(
    "-Dlog4j2.configurationFile=$home/conf/log4j2.properties"
    -XX:CompileCommand=quiet
    '-XX:CompileCommand=CompileThresholdScaling,io.treegrad.network.Vector*::*,0.02'
)
# All other code is compiled by C2 three times as late as usual: half of what C2 compiles in a run of seconds is the start of
# Spark. With executors it is what moves the numbers of each step, and has to be quick soon.
readonly on_executors='(--master[ =]|spark\.master=)(local-cluster|[^l])'
if [[ ! ${options[*]-} =~ $on_executors ]]; then
    flags+=(
        -XX:Tier4InvocationThreshold=15000 -XX:Tier4MinInvocationThreshold=1800
        -XX:Tier4CompileThreshold=45000 -XX:Tier4BackEdgeThreshold=120000
    )
fi
if [[ -s $archive ]]; then
    flags+=("-XX:SharedArchiveFile=$archive" '-Xlog:cds*=off')
fi
# Where the driver has a path of native libraries, "env NAME=VALUE" stands before java.
words_to_java=1
while [[ ${command[words_to_java - 1]} != */bin/java ]]; do
    words_to_java=$((words_to_java + 1))
done
exec "${command[@]:0:words_to_java}" "${flags[@]}" "${command[@]:words_to_java}" "$@"
