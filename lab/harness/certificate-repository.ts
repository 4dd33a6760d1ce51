import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { makeCertificate } from "./certificate.ts";
import { freePort } from "./free-port.ts";

export interface RepositoryOptions {
  readonly directory: string;
  readonly address: string;
  /** Its name, for which it has a certificate of its own. */
  readonly host: string;
}

/** A web server with the certificates of carriers, as STIR wants one. */
export class CertificateRepository {
  /** PEM file of who vouches for its https. */
  readonly authoritiesFile: string;
  readonly port: number;
  readonly asked: string[] = [];
  readonly #texts = new Map<string, string>();
  readonly #host: string;
  readonly #server: Server;

  private constructor({ directory, host }: RepositoryOptions, port: number) {
    const { certificateFile, keyFile } = makeCertificate(directory, "repository", `DNS:${host}`);
    this.#host = host;
    this.port = port;
    this.authoritiesFile = certificateFile;
    const pair = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
    this.#server = createServer(pair, ({ url = "" }, response) => {
      this.asked.push(url);
      const text = this.#texts.get(url);
      response.writeHead(text === undefined ? 404 : 200, { "Cache-Control": "max-age=600" }).end(text);
    });
  }

  static async open(options: RepositoryOptions): Promise<CertificateRepository> {
    const port = await freePort(options.address);
    const repository = new CertificateRepository(options, port);
    await new Promise<void>((done) => repository.#server.listen(port, options.address, done));
    return repository;
  }

  /** Returns the URL at which that PEM is from now on. */
  publish(path: string, pem: string): string {
    this.#texts.set(path, pem);
    return `https://${this.#host}:${this.port}${path}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }
}
