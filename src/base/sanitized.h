// FS_SANITIZED: the program runs under AddressSanitizer or ThreadSanitizer, which keep memory of their own about ours.
#pragma once

#include <version>  // _GLIBCXX_TSAN: cmake/ThreadSanitizer.cmake takes the compiler's macro away from some

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FS_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(_GLIBCXX_TSAN)
#define FS_SANITIZED 1
#endif
