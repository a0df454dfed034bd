// faulty_link SERVER_PORT: a bad network as a program of its own (scripts/soak.sh uses it). Prints
// its port; then takes one command a line on standard input, until that ends.
#include "support/faulty_link.hpp"

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  using stresskit::test::FaultyLink;
  if (argc != 2) {
    std::cerr << "usage: faulty_link SERVER_PORT\n";
    return 2;
  }
  FaultyLink link(static_cast<std::uint16_t>(std::atoi(argv[1])));
  std::cout << link.port() << std::endl;
  for (std::string command; std::getline(std::cin, command);) {
    if (command == "cut") {
      link.cut();
    } else if (command == "reset") {
      link.reset();
    } else if (command == "hold") {
      link.set_both({.hold = true});
    } else if (command == "hold-up") {
      link.set(FaultyLink::Direction::up, {.hold = true});
    } else if (command == "hold-down") {
      link.set(FaultyLink::Direction::down, {.hold = true});
    } else if (command == "delay") {
      link.set_both({.delay = std::chrono::milliseconds(300)});
    } else if (command == "throttle") {
      link.set_both({.bytes_per_second = 100});
    } else if (command == "refuse") {
      link.refuse(true);
    } else if (command == "normal") {
      link.refuse(false);
      link.set_both({});
    } else {
      std::cerr << "faulty_link: no command " << command << "\n";
    }
  }
}
