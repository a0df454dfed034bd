# What makes a mistake in memory hard to use: checked library calls, guarded stacks, control-flow
# protection, addresses that differ from run to run, and nothing left writable that the loader has
# filled in. Like sanitizers it must be everywhere, so it is set for every target; but only where
# programs are built to be used: checked calls need an optimiser, and a sanitizer looks closer.
# tests/cli/hardening.bats looks at what was built.
if(NOT STRESSKIT_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL Debug)
  # -U: some compilers come with a lower level of their own.
  add_compile_options(-fPIE -fstack-protector-strong -fstack-clash-protection
                      -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  # Nor do the programs tell in which folder they were built.
  add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_compile_options(-fcf-protection)
  endif()
  add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()
