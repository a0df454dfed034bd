# Warnings as a target that our own code links; a library we use is never compiled with them.
option(STRESSKIT_WARNINGS_AS_ERRORS "Treat compiler warnings as errors" OFF)

add_library(stresskit_warnings INTERFACE)
add_library(stresskit::warnings ALIAS stresskit_warnings)
target_compile_options(stresskit_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wsuggest-override -Wimplicit-fallthrough -Wformat=2
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
  $<$<BOOL:${STRESSKIT_WARNINGS_AS_ERRORS}>:-Werror>)
