// hold_run FOLDER RUN_ID: holds the run lock of a data directory, as a run does, until its standard
// input ends. The dashboard's pages are then tried over prepared files of an active run.
#include "stresskit/control/run_lock.hpp"

#include <cstdlib>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: hold_run FOLDER RUN_ID\n";
    return EXIT_FAILURE;
  }
  const stresskit::config::Data data{.dir = argv[1]};
  const auto lock = stresskit::control::RunLock::take(data, argv[2]);
  std::cout << "held" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
  return EXIT_SUCCESS;
}
