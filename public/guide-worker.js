// The guide as a worker: it says first that it is there, then answers each message with one.
import init, { answer } from "./guide.js";

init().then(
  () => {
    onmessage = ({ data }) => postMessage(answer(...data));
    postMessage([]);
  },
  () => postMessage(null),
);
