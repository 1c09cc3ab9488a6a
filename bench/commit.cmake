# Writes OUTPUT, a header that names the commit, and only when it changed.
execute_process(COMMAND git describe --always --dirty --abbrev=10
  WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE commit ERROR_QUIET
  OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT commit)
  set(commit "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define QSWITCH_COMMIT \"${commit}\"\n")
