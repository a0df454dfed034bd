# The built programs carry the protections of cmake/Hardening.cmake. Run for release only: a debug
# build has no optimiser, which checked library calls need.
load helpers

@test "every program is hardened" {
  for program in "${all_programs[@]}"; do
    file=$STRESSKIT_BIN/$program
    # Position-independent, and the loader makes its tables read-only at once.
    shows "Type:                              DYN" "$(readelf -hW "$file")"
    shows "GNU_RELRO" "$(readelf -lW "$file")"
    shows "BIND_NOW" "$(readelf -dW "$file")"
    readelf -lW "$file" | grep -E 'GNU_STACK .* RW +0x'
    # Guarded stacks, and at least one library call that checks the size of what it writes to.
    symbols=$(readelf --dyn-syms -W "$file")
    shows "__stack_chk_fail" "$symbols"
    grep -Eq '__[a-z]+_chk(@|$| )' <<<"${symbols//__stack_chk_fail/}"
    # Jumps can only land where one was meant to. (The note that says so is missing: Debian's own
    # start-up code is built without.)
    if [ "$(uname -m)" = x86_64 ]; then
      shows "endbr64" "$(objdump -d --disassemble=main "$file")"
    fi
  done
}
