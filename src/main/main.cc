// The program's entry: which subcommand runs.
#include <cstdio>

int main() {
  std::printf("firesteel %s\n", FIRESTEEL_VERSION);
  return 0;
}
