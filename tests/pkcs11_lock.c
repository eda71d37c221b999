/* A PKCS #11 module before another one that locks a PIN after three wrong ones, as tokens do and SoftHSM does not.
   LOCKED_MODULE names the module; LOCKED_TRIES a file whose length is how many wrong PINs came in a row. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef unsigned long ck;
typedef struct { unsigned char version[2]; ck (*call[68])(); } list; /* CK_FUNCTION_LIST, PKCS #11 2.40 */
enum { GET_TOKEN_INFO = 6, LOGIN = 18, MOST = 3, FLAGS = 96 };
enum { PIN_INCORRECT = 0xA0, PIN_LOCKED = 0xA4, COUNT_LOW = 0x10000, FINAL_TRY = 0x20000, LOCKED = 0x40000 };

static list ours, *theirs;

static long tries(void) {
  struct stat found;
  return stat(getenv("LOCKED_TRIES"), &found) ? 0 : (long)found.st_size;
}

static ck token_info(ck slot, unsigned char *info) {
  ck said = theirs->call[GET_TOKEN_INFO](slot, info), flags;
  if (said) return said;
  memcpy(&flags, info + FLAGS, sizeof flags);
  flags |= tries() >= MOST ? LOCKED : tries() == MOST - 1 ? FINAL_TRY | COUNT_LOW : tries() ? COUNT_LOW : 0;
  memcpy(info + FLAGS, &flags, sizeof flags);
  return said;
}

static ck login(ck session, ck user, unsigned char *pin, ck length) {
  ck said;
  if (user == 1 && tries() >= MOST) return PIN_LOCKED;
  said = theirs->call[LOGIN](session, user, pin, length);
  if (user == 1 && said == PIN_INCORRECT) {
    FILE *file = fopen(getenv("LOCKED_TRIES"), "a");
    fputc('x', file);
    fclose(file);
  } else if (user == 1 && !said)
    unlink(getenv("LOCKED_TRIES"));
  return said;
}

ck C_GetFunctionList(list **found) {
  ck (*get)(list **) = (ck(*)(list **))dlsym(dlopen(getenv("LOCKED_MODULE"), RTLD_NOW), "C_GetFunctionList");
  ck said = get(&theirs);
  if (said) return said;
  ours = *theirs;
  ours.call[GET_TOKEN_INFO] = token_info;
  ours.call[LOGIN] = login;
  *found = &ours;
  return 0;
}
