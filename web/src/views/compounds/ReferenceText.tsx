import type { Reference } from "../../api/types";
import { Outside } from "../../ui/Outside";

/** A reference with its identifiers in plain text; links lead outside only when followed. */
export function ReferenceText({ reference }: { reference: Reference }) {
  const [url = "", ...where] = (reference.url ?? "").split(" ");
  return (
    <div className="reference">
      <p>
        <span className="strong">{reference.citation}</span>
        {reference.title && reference.title !== reference.citation && <>. {reference.title}</>}
      </p>
      <p className="small soft">
        {reference.pmid && (
          <span>
            PMID <Outside href={`https://pubmed.ncbi.nlm.nih.gov/${reference.pmid}/`}>{reference.pmid}</Outside>
          </span>
        )}
        {reference.doi && (
          <span>
            DOI <Outside href={`https://doi.org/${reference.doi}`}>{reference.doi}</Outside>
          </span>
        )}
        {url && (
          <span>
            <Outside href={url} /> {where.join(" ")}
          </span>
        )}
        {reference.read && <span>read: {reference.read}</span>}
      </p>
    </div>
  );
}
