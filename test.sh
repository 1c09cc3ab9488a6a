#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./test.sh - installs missing packages, builds, and runs every test.
# ./test.sh PART... - runs only these parts, and installs only what they need:
#
#     release          build with gcc and run all tests
#     house            the rules of the source tree (tests/house)
#     unit props replay stp netns ...
#                      the tests with this label, release build
#     debug            unit, props, replay, stp and two namespace tests with
#                      assertions, AddressSanitizer and UBSan
#     fuzz             build with clang, assertions and both sanitizers, and
#                      run each fuzzer for ten seconds
#     lint             shellcheck, clang-format, clang-tidy, mandoc, and a
#                      build with the flags of a distribution
#
# The output of each step is in build/test-log; when a step fails, its end is
# shown here. The last line counts the results. Warnings are errors.
set -uo pipefail
cd "$(dirname "$0")" || exit
TOP=$PWD
PASSED=0 FAILED=0 SKIPPED=0
LOGS=$TOP/build/test-log
JOBS=$(nproc)
export CTEST_OUTPUT_ON_FAILURE=1

case ${1:-} in
-h | --help)
	sed -n '4,/^set/s/^# \{0,1\}//p' "$0"
	exit
	;;
esac

# step NAME COMMAND...: one check, with its output in a log
step() {
	local name=$1 log=$LOGS/${1//[^a-z0-9-]/_}.log start=$SECONDS
	shift
	if "$@" >"$log" 2>&1 </dev/null; then
		PASSED=$((PASSED + 1))
		echo "passed: $name ($((SECONDS - start)) s)"
	else
		FAILED=$((FAILED + 1))
		tail -n 60 "$log"
		echo "FAILED: $name ($((SECONDS - start)) s)"
		return 1
	fi
}

# count ATTRIBUTE FILE: a number from the first element of a JUnit report
count() {
	grep -om1 "$1=\"[0-9]*\"" "$2" | tr -dc 0-9
}

# again NAME BUILD LOG REPORT: run failed tests a second time, one by one, because
# a busy machine can exceed their time limits. SECOND counts those that pass now.
# Their names are shown: a test that often needs a second try is faulty.
again() {
	local xml=$LOGS/$1-again.xml failed
	failed=$(count failures "$4")
	rm -f "$xml"
	ctest --test-dir "$2" --rerun-failed --output-junit "$xml" -j 1 \
		>"$LOGS/$1-again.log" 2>&1 </dev/null
	[ -s "$xml" ] || return
	SECOND=$((failed - $(count failures "$xml")))
	grep -E '^ *[0-9]+/[0-9]+ .* Passed' "$LOGS/$1-again.log" |
		sed 's/^ */    passed at the second try: /'
	cat "$LOGS/$1-again.log" >>"$3"
}

# tests NAME BUILD CTEST-OPTION...: run tests and count each
tests() {
	local name=$1 dir=$2 log=$LOGS/$1.log xml=$LOGS/$1.xml all bad skipped
	local start=$SECONDS SECOND=0
	shift 2
	rm -f "$xml"
	ctest --test-dir "$dir" --output-junit "$xml" "$@" >"$log" 2>&1 </dev/null
	if [ ! -s "$xml" ]; then
		tail -n 20 "$log"
		FAILED=$((FAILED + 1))
		return
	fi
	if [ "$(count failures "$xml")" != 0 ]; then
		again "$name" "$dir" "$log" "$xml"
	fi
	all=$(count tests "$xml") bad=$(($(count failures "$xml") - SECOND))
	skipped=$(($(count skipped "$xml") + $(count disabled "$xml")))
	# an empty selection must not pass
	if [ "$all" = 0 ]; then
		echo "FAILED: $name: no tests have this label"
		FAILED=$((FAILED + 1))
		return
	fi
	PASSED=$((PASSED + all - bad - skipped))
	FAILED=$((FAILED + bad))
	SKIPPED=$((SKIPPED + skipped))
	[ "$bad" = 0 ] || grep -vE '^ *(Start|[0-9]+/[0-9]+ .* Passed)' "$log" |
		tail -n 200
	grep -E '\*\*\*Skipped' "$log"
	sed -n 's/^skipped: /    &/p' "$log"
	echo "$name: $((all - bad - skipped)) passed, $bad failed," \
		"$skipped skipped ($((SECONDS - start)) s)"
}

# build PRESET CMAKE-OPTION...
build() {
	local preset=$1
	shift
	cmake --preset "$preset" -DBUILD_TESTING=ON -DQSWITCH_WERROR=ON "$@" &&
		cmake --build --preset "$preset"
}

RELEASE_BUILT=
build_release() {
	[ "$RELEASE_BUILT" ] && return
	step 'build release' build release && RELEASE_BUILT=yes
}

# Namespace tests mostly wait: run twice as many as there are processors.
release() {
	build_release || return
	tests "${1:-release}" build -j $((2 * JOBS)) ${1:+-L "^$1\$"}
}

debug() {
	step 'build debug' build debug || return
	tests debug build-debug -j "$JOBS" -L '^(unit|props|replay|stp)$'
	tests debug-netns build-debug -R '^netns/(ping|vlan)$'
}

fuzz() {
	step 'build fuzz' build fuzz || return
	tests fuzz build-fuzz -j "$JOBS" -L '^fuzz$'
}

# sources PATTERN...: the files of the tree with such names
sources() {
	local name args=()
	for name; do
		args+=(-o -name "$name")
	done
	find . -path './build*' -prune -o -path ./.git -prune -o \
		-type f \( "${args[@]:1}" \) -print
}

# What .clang-format and .clang-tidy mean depends on the version, and other
# releases lay code out differently.
CLANG=14

# clang_step TOOL COMMAND...: a step that takes this version of TOOL
clang_step() {
	if command -v "$1-$CLANG" >/dev/null; then
		step "$@"
	else
		SKIPPED=$((SKIPPED + 1))
		echo "skipped: $1: the tree is written for version $CLANG" \
			"($1-$CLANG), which is not installed"
	fi
}

# tidy: clang-tidy with the compilation database of gcc, without the options that
# clang does not know. It misreads the macros of cmocka and libFuzzer, so these
# tests are left out.
tidy() {
	mkdir -p build/tidy
	sed -E 's/-mmem[a-z]+-strategy=[^ ]*//g' build/compile_commands.json \
		>build/tidy/compile_commands.json
	# a file that this build leaves out (no_watch.c) has no flags there
	sources '*.c' | grep -vE '^\./tests/(fuzz|unit|props|stp)/' |
		while read -r file; do # what is not built has no options
			grep -qF "${file#.}\"" build/tidy/compile_commands.json &&
				echo "$file"
		done | xargs -P "$JOBS" -n 4 "clang-tidy-$CLANG" -p build/tidy --quiet \
			--warnings-as-errors='*' 2>/dev/null
}

shells() {
	sources '*.sh' | xargs shellcheck .ci/run lab/lesson lab/enter lab/tools/*
}

formatted() {
	sources '*.[ch]' | xargs "clang-format-$CLANG" --dry-run -Werror
}

pages() {
	local page
	for page in packaging/man/*.[1-8]; do
		mandoc -Tlint -W warning "$page" || return
	done
}

# hardened: as dpkg-buildflags has it, with link time optimization. Fortified
# code needs the optimizer, so warnings come here that no other build has.
hardened() {
	local flags='-g -O2 -flto=auto -ffat-lto-objects -Wdate-time'
	flags+=' -fstack-protector-strong -fstack-clash-protection'
	flags+=' -fcf-protection -D_FORTIFY_SOURCE=3 -Wformat -Werror=format-security'
	[ "$(uname -m)" = x86_64 ] || flags=${flags/-fcf-protection/}
	cmake -G Ninja -S . -B build/hardened -DCMAKE_BUILD_TYPE=None \
		-DBUILD_TESTING=OFF -DQSWITCH_WERROR=ON \
		-DCMAKE_C_FLAGS="$flags" \
		-DCMAKE_EXE_LINKER_FLAGS='-Wl,-z,relro -Wl,-z,now' &&
		cmake --build build/hardened
}

lint() {
	step shellcheck shells
	clang_step clang-format formatted
	step 'man pages' pages
	step 'build as a distribution' hardened
	build_release && clang_step clang-tidy tidy
}

# shellcheck source=.ci/install.sh
. .ci/install.sh
[ $# != 0 ] || set -- release debug fuzz lint
mapfile -t packages < <(part_packages "$@")
install_missing "${packages[@]}" || exit
mkdir -p "$LOGS"
for part; do
	case $part in
	release) release ;;
	debug | fuzz | lint) "$part" ;;
	*) release "$part" ;;
	esac
done
echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
[ "$FAILED" = 0 ]
