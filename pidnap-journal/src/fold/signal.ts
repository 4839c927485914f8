/** Linux signal numbers, x86 and ARM alike (signal(7)). The fold runs where `os.constants` does not. */
const numbers: ReadonlyMap<string, number> = new Map(
  [
    "SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2",
    "SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG",
    "SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS",
  ]
    .join(" ")
    .split(" ")
    .map((name, index) => [name, index + 1]),
);

/** Other names of the same signals. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["SIGIOT", "SIGABRT"],
  ["SIGPOLL", "SIGIO"],
  ["SIGCLD", "SIGCHLD"],
]);

/** The number of a signal, or undefined where the name is unknown. */
export function signalNumber(name: string): number | undefined {
  return numbers.get(aliases.get(name) ?? name);
}
