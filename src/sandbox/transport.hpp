#pragma once

namespace stresskit::sandbox {

/// The MQTT transport: a single-threaded server that talks to devices on one side and to the
/// platform (link.hpp) on the other. Runs in a process of its own until the link ends or a SIGTERM
/// arrives; returns the exit code.
///
/// `link_descriptor`: its end of the socket pair; `listen_descriptor`: a socket that already
/// listens, which this process alone owns, so that the port refuses when it is gone.
int run_transport(int link_descriptor, int listen_descriptor);

}  // namespace stresskit::sandbox
