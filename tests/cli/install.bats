# The installed kit, and its Debian package, as a machine without the sources sees them.
load helpers

setup_file() {
  build=$(dirname "$STRESSKIT_BIN")
  export INSTALLED=$BATS_FILE_TMPDIR/kit
  cmake --install "$build" --prefix "$INSTALLED" --strip >"$BATS_FILE_TMPDIR/install.out"
}

@test "installed programs run from where they are, and find their page there" {
  PATH="$INSTALLED/bin:/usr/bin:/bin"
  for program in "${all_programs[@]}"; do
    run "$program" --version
    exits 0
  done
  cp "$INSTALLED/share/doc/stresskit/.env.example" .env && chmod 600 .env
  start dashboard run_dashboard --json --dashboard-host 127.0.0.1 --dashboard-port 0
  within 30 test -s dashboard.out
  [[ $(readlink "/proc/$pid/exe") = "$INSTALLED/bin/run_dashboard" ]]
  url=$(jq -r .url dashboard.out)
  for path in "" js/main.js css/page.css vendor/uPlot.iife.min.js; do
    curl -sf --max-time 10 -o page.out "$url$path"
    [ -s page.out ]
  done
}

@test "every program has a manual page, and each shell completes its options" {
  share=$INSTALLED/share
  for program in "${all_programs[@]}"; do
    [ -s "$share/zsh/site-functions/_$program" ]
    [ -s "$share/fish/vendor_completions.d/$program.fish" ]
    grep -q "^$program .- " "$share/man/man1/$program.1"
    # What bash offers for nothing typed is what --help lists.
    offered=$(bash -c 'source "$1"; COMP_WORDS=("$2" ""); COMP_CWORD=1; "_stresskit_$2"
      printf "%s\n" "${COMPREPLY[@]}"' _ "$share/bash-completion/completions/$program" "$program")
    listed=$("$program" --help | grep -oE '^  (-h, )?--[a-z-]+' | grep -oE -- '--[a-z-]+')
    [ "$(sort <<<"$offered")" = "$(sort <<<"$listed")" ]
  done
}

@test "the Debian package names what it needs and holds no more than the kit" {
  cpack --config "$(dirname "$STRESSKIT_BIN")/CPackConfig.cmake" -B "$PWD/package" >cpack.out
  deb=$(ls package/*.deb)
  for library in libcurl4 libssl3 libpaho-mqtt1.3 libc6; do
    dpkg-deb -f "$deb" Depends | grep -q "$library"
  done
  dpkg-deb -x "$deb" root
  # Folders and files that others can read and nobody but root can write.
  [ -z "$(find root -mindepth 1 ! -perm -444 -o -mindepth 1 -perm /022)" ]
  [ "$(cd root && find . -maxdepth 2 -mindepth 2 | sort | xargs)" = "./usr/bin ./usr/share" ]
  [ "$(ls root/usr/bin | sort)" = "$(printf '%s\n' "${all_programs[@]}" | sort)" ]
  [ -s root/usr/share/zsh/vendor-completions/_provision ]
  run root/usr/bin/provision --help
  exits 0
}
